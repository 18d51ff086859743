// The two live regions. They are in the page from the start, or screen readers miss the first words.
import { assertive, polite } from "../lib/announce";
import { useStore } from "../lib/store";

export function Announcer() {
  return (
    <div className="visually-hidden">
      <div role="status" aria-live="polite">{useStore(polite)}</div>
      <div role="alert" aria-live="assertive">{useStore(assertive)}</div>
    </div>
  );
}
