import type { Texts } from "..";

export const state: Texts["state"] = {
  fields: "Some fields are not right.",
  forbidden: "Your account may not do this.",
  loading: "Loading…",
  noPage: "This page does not exist",
  noPageHint: "The link may be incomplete.",
  notFound: "The hub does not know what you ask for. It may be gone.",
  notSaved: "The hub cannot save now; nothing was accepted.",
  pageBroke: "This page has failed; the others still work",
  refused: "The hub answered with code {{status}}.",
  retry: "Try again",
  slow: "The hub took too long to answer. Try again in a moment.",
  tooMany: "Too many attempts. Wait a moment and try again.",
  unexpected: "Something unexpected happened.",
  unreachable: "The hub cannot be reached. Check the network, or wait for its return.",
};
