// What keeps the hub from its promise, as it says by itself; empty when all is well.
import { createStore } from "../lib/store";
import type { Trouble } from "./types";

export const troubles = createStore<readonly Trouble[]>([]);
