import type { Texts } from "..";

export const noticed: Texts["noticed"] = {
  alert_expired_one: "An alert expired, {{count}} branch had not seen it: {{what}}",
  alert_expired_other: "An alert expired, {{count}} branches had not seen it: {{what}}",
  clock_back_one: "The hub's clock jumped back by {{count}} h",
  clock_back_other: "The hub's clock jumped back by {{count}} h",
  clock_forward_one: "The hub's clock jumped forward by {{count}} h",
  clock_forward_other: "The hub's clock jumped forward by {{count}} h",
  drill_expired_one: "A drill expired, {{count}} branch had not seen it: {{what}}",
  drill_expired_other: "A drill expired, {{count}} branches had not seen it: {{what}}",
  scheduled_unsent: "A scheduled alert was not sent: {{reason}}",
  trouble: "{{what}}",
  trouble_over: "Over: {{what}}",
  watch_back: "{{watch}}: reports again",
  watch_silent_one: "{{watch}}: no sign of life from {{source}} for {{count}} min",
  watch_silent_other: "{{watch}}: no sign of life from {{source}} for {{count}} min",
};
