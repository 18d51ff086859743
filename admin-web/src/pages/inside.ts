// All that only a signed-in user needs, as one part of the build: the log-in appears without waiting for it.
export { SignedIn } from "../components/SignedIn";
export { Alert } from "./Alert";
export { Group } from "./Group";
export { Groups } from "./Groups";
export { Start } from "./Start";
export { Users } from "./Users";
