// Which of the dialogs that belong to no page is open.
import { createStore } from "./store";

export const dialog = createStore<"enrol" | "help" | "palette" | "places" | null>(null);

export const closeDialog = () => dialog.set(null);
