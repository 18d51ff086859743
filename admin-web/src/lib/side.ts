// Whether the side of the panel shows names or only icons; null leaves it to the width of the window.
import { createStore } from "./store";

export const sideFolded = createStore<boolean | null>(null);
