// The title of the tab: the page first, so that many tabs stay apart.
import { useEffect } from "react";

export function useTitle(page: string): void {
  useEffect(() => {
    document.title = `${page} · Pregón`;
  }, [page]);
}
