// A list of any length in a box that scrolls: only the rows in sight exist.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties, type ReactNode, type RefObject } from "react";
import classes from "./VirtualRows.module.css";

interface Props<T> {
  label: string;
  items: readonly T[];
  rowHeight: number;
  keyOf: (item: T) => string | number;
  render: (item: T) => ReactNode;
  /** Called when the last rows come into sight. */
  onEnd?: (() => void) | undefined;
  /** How many there are in all, when not all are here yet. */
  total?: number | undefined;
  className?: string | undefined;
  scroller?: RefObject<HTMLDivElement | null>;
}

export function VirtualRows<T>({ label, items, rowHeight, keyOf, render, onEnd, total, className, scroller }: Props<T>) {
  const own = useRef<HTMLDivElement>(null);
  const box = scroller ?? own;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  const visible = rows.getVirtualItems();
  const atEnd = (visible.at(-1)?.index ?? 0) >= items.length - 5;
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, items.length, onEnd]);
  // The style sheet decides how much of the content's height the box may take.
  const size = { "--content": `${rows.getTotalSize()}px` } as CSSProperties;
  return (
    <div ref={box} style={size} className={`${classes.box} ${className ?? ""}`} tabIndex={0} role="group" aria-label={label}>
      <div role="list" aria-label={label} className={classes.inner} style={{ height: rows.getTotalSize() }}>
        {visible.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <div
              key={row.key}
              role="listitem"
              aria-posinset={row.index + 1}
              aria-setsize={total ?? items.length}
              className={classes.row}
              style={{ height: row.size, transform: `translateY(${row.start}px)` }}
            >
              {render(item)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
