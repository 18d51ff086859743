// Whether somebody points at a part of the page or walks through it by keyboard: then its rows keep their places.
import { useMemo, useState, type FocusEvent, type PointerEvent } from "react";

export function useAtRest() {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const handlers = useMemo(
    () => ({
      // A finger leaves no pointer behind, so touch never holds the list.
      onPointerEnter: ({ pointerType }: PointerEvent) => setPointed(pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocus: ({ target }: FocusEvent) => setFocused(target.matches(":focus-visible")),
      onBlur: () => setFocused(false),
    }),
    [],
  );
  return { held: pointed || focused, ...handlers };
}
