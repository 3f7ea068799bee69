// A program that connects to servers of this machine as no client should. Its arguments: `reset`
// (resets at once), `half` (sends half a request) or `hold` (sends nothing until this process ends);
// the number of connections to each place; and the places: ports of 127.0.0.1, and paths. At the end
// a line is printed with the number of connections that were refused and tried again.
import { delay } from "@std/async/delay";
import type { Socket } from "node:net";
import { connectAndReset, connected, type To } from "./connections.ts";

const [what, count, ...places] = Deno.args;
const atATime = 16;
const held: Socket[] = [];

const ways: Record<string, (to: To, index: number) => Promise<void>> = {
  reset: connectAndReset,
  async half(to, index) {
    const socket = await connected(to);
    socket.write("GET / HT");
    // Every second connection stays open, for the server to close.
    if (index % 2 === 0) socket.destroy();
    else held.push(socket);
  },
  async hold(to, index) {
    const more = "path" in to ? {} : { from: `127.0.0.${2 + index % 4}` };
    held.push(await connected({ ...to, ...more }));
  },
};

let turnedAway = 0;
await Promise.all(places.map(async (place) => {
  const to = /^\d+$/.test(place) ? { port: Number(place) } : { path: place };
  for (let index = 0; index < Number(count); index += atATime) {
    const some = Math.min(atATime, Number(count) - index);
    await Promise.all(Array.from({ length: some }, async (_, i) => {
      while (!await isDone(to, index + i)) {
        turnedAway++;
        await delay(10);
      }
    }));
  }
}));
console.log(`done ${turnedAway}`);
if (what === "hold") await new Promise(() => setInterval(() => {}, 60_000));
else Deno.exit();

/** Makes one connection; false where the server's queue is full. */
async function isDone(to: To, index: number): Promise<boolean> {
  try {
    await ways[what](to, index);
    return true;
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (["EAGAIN", "ETIMEDOUT", "ECONNRESET", "EPIPE"].includes(code)) return false;
    throw error;
  }
}
