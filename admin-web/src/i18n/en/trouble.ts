import type { Texts } from "..";

// What keeps the hub from its promise, by the codes that it says.
export const trouble: Texts["trouble"] = {
  cannot_save: {
    advice: "Look at the server log and the disk; it goes on by itself.",
    what: "The hub cannot save now: it accepts no alerts and no events.",
  },
  certificate_ended: {
    advice: "The server log says why it was not renewed.",
    what: "The certificate of the hub has ended: nobody new can connect.",
  },
  certificate_ends: {
    advice: "It should have been renewed by itself: look at the server log.",
    what_one: "The certificate of the hub ends in {{count}} day.",
    what_other: "The certificate of the hub ends in {{count}} days.",
  },
  disk_critical: {
    advice: "Make room before it stops accepting alerts.",
    what: "Hardly any room is left on the disk of the hub: {{count}} MiB.",
  },
  disk_full: {
    advice: "Make room, or raise the quota or the limit for files; it goes on by itself.",
    what: "The disk of the hub is full: it accepts no alerts and no events.",
  },
  disk_low: {
    advice: "Make room.",
    what: "Little room is left on the disk of the hub: {{count}} MiB.",
  },
  label: "Trouble of the hub",
  listener_dead: {
    advice: "Look at the server log: the hub may need more open files, or a restart.",
    what: "{{about}} accepts nobody.",
  },
  look: "Open the monitor",
  mail_stuck: {
    advice: "The Mail tab shows what the server answers.",
    what_one: "{{count}} mail still waits to leave.",
    what_other: "{{count}} mails still wait to leave.",
  },
  over: "The hub is well again",
  saving_stopped: {
    advice: "Look at the disk and restart the hub.",
    what: "Pregón cannot save anything any more: it accepts no alerts and no events.",
  },
  shutting_down: {
    advice: "Wait until it is back.",
    what: "The hub is shutting down.",
  },
  since: "Since",
};
