// Which of the dialogs that belong to no page is open.
import { createStore } from "./store";

export const dialog = createStore<"enrol" | "help" | null>(null);

export const closeDialog = () => dialog.set(null);
