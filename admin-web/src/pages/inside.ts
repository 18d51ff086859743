// What a signed-in user needs at once, as one part of the build: the log-in appears without waiting for it.
export { SignedIn } from "../components/SignedIn";
export { Start } from "./Start";
