import type { Texts } from "..";

export const link: Texts["link"] = {
  again: "Trying again in {{span}}.",
  age: "{{seconds}} s ago",
  ageHint: "Time since the hub last said anything",
  connecting: "Connecting",
  dataOf: "Showing data of {{time}}.",
  live: "Live",
  lost: "Disconnected",
  lostFor: "Disconnected from the hub for {{span}}.",
  now: "Try now",
  off: "Off",
  saidBack: "The link to the hub is back",
  saidLost: "The link to the hub is lost",
  trying: "Connecting…",
};
