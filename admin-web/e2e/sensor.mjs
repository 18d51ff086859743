// A sensor on the plain port.
import { connect } from "node:net";
import { env } from "./env.mjs";

/** One line from a sensor, answered `ok`. */
export function sensor(event) {
  const [host, port] = [env.events.slice(0, env.events.lastIndexOf(":")), Number(env.events.split(":").at(-1))];
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(`${JSON.stringify(event)}\n`));
    socket.on("error", reject);
    socket.once("data", (data) => {
      socket.end();
      if (JSON.parse(data).ok) resolve();
      else reject(new Error(String(data)));
    });
  });
}
