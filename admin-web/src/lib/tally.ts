// Who has answered what: the offered answers first, then what people wrote, the most frequent first.
import type { Delivery } from "../api/types";

export interface Answer {
  words: string;
  /** It was one of the buttons. */
  offered: boolean;
  clients: readonly string[];
}

export interface Tally {
  answers: readonly Answer[];
  /** Those who have not answered. */
  silent: readonly string[];
}

export function tally(offered: readonly string[], deliveries: readonly Delivery[]): Tally {
  const by = new Map<string, string[]>(offered.map((words) => [words, []]));
  const silent: string[] = [];
  for (const { client, reply } of deliveries) {
    if (!reply) {
      silent.push(client);
      continue;
    }
    const clients = by.get(reply);
    if (clients) clients.push(client);
    else by.set(reply, [client]);
  }
  const answers = [...by].map(([words, clients]) => ({ words, offered: offered.includes(words), clients }));
  const written = answers.filter((answer) => !answer.offered).sort((a, b) => b.clients.length - a.clients.length);
  return { answers: [...answers.filter((answer) => answer.offered), ...written], silent };
}
