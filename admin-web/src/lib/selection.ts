// Which rows of the directory are selected: some by name, or all that its filter shows. Another filter is another selection.
import { useCallback, useState } from "react";

interface Selection {
  /** Of which filter. */
  scope: string;
  all: boolean;
  names: ReadonlySet<string>;
}

export function useSelection(scope: string) {
  const [kept, setKept] = useState<Selection>({ scope, all: false, names: new Set() });
  const now = kept.scope === scope ? kept : { scope, all: false, names: new Set<string>() };
  const toggle = useCallback(
    (name: string) =>
      setKept((old) => {
        const names = new Set(old.scope === scope && !old.all ? old.names : []);
        if (!names.delete(name)) names.add(name);
        return { scope, all: false, names };
      }),
    [scope],
  );
  const pickAll = useCallback(() => setKept({ scope, all: true, names: new Set() }), [scope]);
  const clear = useCallback(() => setKept({ scope, all: false, names: new Set() }), [scope]);
  return { all: now.all, names: now.names, toggle, pickAll, clear };
}
