import type { Texts } from "..";

export const charts: Texts["charts"] = { chart: "Chart", table: "Table", view: "View of “{{title}}”" };
