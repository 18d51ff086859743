import type { Texts } from "..";

export const enrol: Texts["enrol"] = {
  another: "Another PC",
  copy: "Copy command",
  failed: "The code could not be made",
  lead: "Makes a one-time code. With it the agent on the PC enrols and gets a key of its own.",
  make: "Make a code",
  name: "Name of the branch",
  nameHint: "Unique on the hub, whatever the case, spaces and look-alike letters.",
  open: "Add a branch PC",
  run: "Run this on the PC of {{name}}. The code is not shown again.",
  title: "Add a branch PC",
  until: "Valid until:",
};
