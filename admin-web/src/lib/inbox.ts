// Which messages of branches are shown, as the address says it.

export interface InboxPlace {
  all?: boolean;
  client?: string;
}

export function asInboxPlace(search: Record<string, unknown>): InboxPlace {
  const client = search["client"];
  return { ...(search["all"] === true && { all: true }), ...((typeof client === "string" || typeof client === "number") && client !== "" && { client: String(client) }) };
}
