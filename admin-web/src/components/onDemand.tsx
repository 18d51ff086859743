// A dialog whose code comes when it is opened for the first time: the first load does without it.
import { lazy, Suspense, useEffect, useState, type ComponentType } from "react";

export function onDemand<P extends { opened: boolean }>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Part = lazy(() => load().then((component) => ({ default: held(component) })));
  return function OnDemand(props: P) {
    const [wanted, setWanted] = useState(props.opened);
    if (props.opened && !wanted) setWanted(true);
    if (!wanted) return null;
    return (
      <Suspense fallback={null}>
        <Part {...props} />
      </Suspense>
    );
  };
}

/** Opens after it stands: only then does a dialog note where the focus was, to give it back. */
function held<P extends { opened: boolean }>(Dialog: ComponentType<P>): ComponentType<P> {
  return function Held(props: P) {
    const [opened, setOpened] = useState(false);
    useEffect(() => setOpened(props.opened), [props.opened]);
    return <Dialog {...props} opened={opened} />;
  };
}
