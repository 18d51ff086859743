// Dropping a file onto a part of the page.
import { useMemo, useRef, useState, type DragEvent } from "react";

/** Handlers for the part, and whether a file hovers over it; without `take` nothing is caught. */
export function useFileDrop(take: ((file: File) => void) | null) {
  const [over, setOver] = useState(false);
  // Every child that the pointer crosses enters before its neighbour is left.
  const depth = useRef(0);
  const handlers = useMemo(() => {
    if (!take) return {};
    const end = () => {
      depth.current = 0;
      setOver(false);
    };
    return {
      onDragEnter: (event: DragEvent) => {
        if (!holdsFile(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      },
      onDragOver: (event: DragEvent) => {
        if (holdsFile(event)) event.preventDefault();
      },
      onDragLeave: () => {
        depth.current -= 1;
        if (depth.current <= 0) end();
      },
      onDrop: (event: DragEvent) => {
        if (!holdsFile(event)) return;
        event.preventDefault();
        event.stopPropagation();
        end();
        const [file] = event.dataTransfer.files;
        if (file) take(file);
      },
    };
  }, [take]);
  return { over, handlers };
}

function holdsFile(event: DragEvent): boolean {
  return event.dataTransfer.types.includes("Files");
}
