// At once, then at most once per `wait`, and always once more after the last call.
export function throttled(wait: number, run: () => void): () => void {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function fire(): void {
    timer = undefined;
    last = Date.now();
    run();
  }
  return () => {
    if (timer !== undefined) return;
    const rest = last + wait - Date.now();
    if (rest <= 0) fire();
    else timer = setTimeout(fire, rest);
  };
}
