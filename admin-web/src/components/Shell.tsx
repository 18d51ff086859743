// Around every page: the log-in when nobody is signed in, else what `SignedIn` brings.
import { lazy, Suspense, useEffect } from "react";
import { draft, isDirty } from "../lib/draft";
import { session } from "../lib/session";
import { useStore } from "../lib/store";
import { Login } from "../pages/Login";
import { Announcer } from "./Announcer";

/** Fetched as soon as the log-in stands, so that it is here before the password is typed. */
const inside = () => import("../pages/inside");
const SignedIn = lazy(() => inside().then(({ SignedIn: component }) => ({ default: component })));

export function Shell() {
  const current = useStore(session);
  useUnsentWarning();
  useEffect(() => {
    // When it does not come now, the page asks again after the log-in.
    inside().catch(() => undefined);
  }, []);
  return (
    <>
      <Announcer />
      {current ? (
        <Suspense fallback={null}>
          <SignedIn key={current.token} />
        </Suspense>
      ) : (
        <Login />
      )}
    </>
  );
}

/** The browser asks before a half-written alert is lost. */
function useUnsentWarning(): void {
  const dirty = isDirty(useStore(draft));
  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);
}
