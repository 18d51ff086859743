// Words of no single area.
import type { Texts } from "..";

export const common: Pick<Texts, "cancel" | "clear" | "close" | "copied" | "done" | "notCopied" | "optional" | "audience" | "build" | "channel" | "confirm" | "prefs" | "recent" | "role" | "severity" | "toast"> = {
  cancel: "Cancel",
  clear: "Clear",
  close: "Close",
  copied: "Copied",
  done: "Done",
  notCopied: "The browser did not allow copying. Select the text and copy it by hand.",
  optional: "optional",
  audience: { global: "All branches", group: "group {{group}}" },
  build: { changed: "The hub has a new version of the panel.", reload: "Reload" },
  channel: {
    alertmanager: "Alertmanager",
    gotify: "Gotify",
    http_api: "API",
    ntfy: "ntfy",
    tcp_socket: "TCP",
  },
  confirm: {
    branch: "The alert will go to {{branch}}.",
    critical: "A critical alert stays on the screen until a person closes it, and never expires.",
    everybody_one: "The alert will go to {{count}} branch.",
    everybody_other: "The alert will go to all {{count}} branches.",
    group_one: "The alert will go to {{count}} branch of the group {{group}}.",
    group_other: "The alert will go to the {{count}} branches of the group {{group}}.",
    title: "Send this alert?",
  },
  prefs: {
    language: "Language",
    notKept: "The hub could not keep the change, so it was undone.",
    theme: { auto: "System theme", dark: "Dark theme", light: "Light theme" },
    themeLabel: "Theme",
  },
  recent: {
    empty: "No alert has been sent yet",
    emptyHint: "Once you send one, you see here who has seen it.",
    failed: "The alerts could not be loaded",
    older: "Older",
    seen: "{{seen}} of {{all}}",
    title: "Recent alerts",
    whom: "To: {{whom}}",
  },
  role: { admin: "Administration", technician: "Technician", viewer: "Read only" },
  severity: { critical: "Critical", error: "Error", info: "Information", warning: "Warning" },
  toast: {
    alert: "New alert, {{severity}}, from {{from}}: {{text}}",
    message: "Message from {{client}}",
    nameInUse: "Somebody tried to connect as {{client}} from {{address}} while it was online. The first one stays connected.",
    security: "{{kind}} {{client}}",
    securityTitle: "Security",
  },
};
