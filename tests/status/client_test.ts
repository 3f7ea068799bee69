import { assertEquals, assertRejects } from "@std/assert";
import { abortable } from "@std/async/abortable";
import { askStats } from "../../lib/status/client.ts";
import { exchange } from "../../lib/status/exchange.ts";
import type { Stats } from "../../lib/status/report.ts";
import { serveStats } from "../../lib/status/server.ts";

const stats: Stats = {
  version: "1.2.3",
  pid: 7,
  legions: [],
  name: "a",
  uptime_seconds: 1,
  not_read_anew: "",
};
const anywhere = { address: { host: "127.0.0.1", port: 0 } };

function listenAt(at: string) {
  const [host, port] = at.split(":");
  return { address: { host, port: Number(port) } };
}

for (const http of [false, true]) {
  Deno.test(`it reads what the stats socket tells${http ? ", as HTTP" : ""}`, async () => {
    const server = await serveStats({
      listen: anywhere,
      http,
      report: () => stats,
      warn: () => {},
    });
    assertEquals((await askStats(listenAt(server.at), http)).pid, stats.pid);
    await server.close();
  });
}

const other = "it answers something else than stats";
const answers: [what: string, answer: string | undefined, told: string][] = [
  ["nothing for 2 s", undefined, "it does not answer within 2 s"],
  ["no JSON", "hello", other],
  ["JSON that is no stats", "[]", other],
  ["nothing at all", "", other],
  ["as HTTP", "HTTP/1.0 400 Bad Request\r\n\r\n", other],
];
for (const [what, answer, told] of answers) {
  Deno.test(`refused: a socket that answers ${what}`, async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const asking = askStats({ address: { host: "127.0.0.1", port } }, false);
    const client = await listener.accept();
    if (answer !== undefined) {
      await client.write(new TextEncoder().encode(answer));
      client.closeWrite();
    }
    await assertRejects(() => asking, Error, told);
    client.close();
    listener.close();
  });
}

/** What a socket that answers with these bytes, and ends, is said to have answered. */
async function exchanged(answer: Uint8Array<ArrayBuffer>): Promise<string> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const answering = (async () => {
    using client = await listener.accept();
    // Who has had enough closes before all has been written.
    await new Blob([answer]).stream().pipeTo(client.writable).catch(() => {});
  })();
  try {
    return await exchange({ address: { host: "127.0.0.1", port } }, "", 30_000);
  } finally {
    await answering.catch(() => {});
    listener.close();
  }
}

Deno.test("an answer is put together, wherever it is cut on its way, and 16 MiB at most", async () => {
  const text = "€".repeat(100_000);
  assertEquals(await exchanged(new TextEncoder().encode(text)) === text, true);
  const most = new Uint8Array(16 * 1024 * 1024).fill(0x20);
  assertEquals((await exchanged(most)).length, most.length);
  const tooLong = () => exchanged(new Uint8Array(most.length + 1).fill(0x20));
  await assertRejects(tooLong, Error, "the answer is too long");
});

Deno.test("where nobody listens it is told at once, as the system has it", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const asking = () => askStats({ address: { host: "127.0.0.1", port } }, false);
  await assertRejects(asking, Deno.errors.ConnectionRefused);
});

Deno.test("a connection that is not made is given up in time as well", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
  const { port } = listener.addr as Deno.NetAddr;
  const held: Deno.Conn[] = [];
  // Nobody accepts: sooner or later there is no place left to wait in.
  for (let isFull = false; !isFull;) {
    const attempt = new AbortController();
    const timer = setTimeout(() => attempt.abort(), 200);
    await Deno.connect({ hostname: "127.0.0.1", port, signal: attempt.signal }).then(
      (connection) => held.push(connection),
      () => isFull = true,
    );
    clearTimeout(timer);
  }
  const asking = exchange({ address: { host: "127.0.0.1", port } }, "", 100);
  const error = await assertRejects(() => abortable(asking, AbortSignal.timeout(5_000)), Error);
  assertEquals(error.message, "it does not answer within 0.1 s");
  for (const connection of held) connection.close();
  listener.close();
});
