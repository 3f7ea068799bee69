// A server that a check asks and that never comes to an end: it costs neither time nor memory.
import { assert, assertEquals } from "@std/assert";
import { probe } from "../../lib/checks/probe.ts";
import { bodyFloods, floodingServer, floods } from "../lab/flooding_server.ts";

/** The system takes some MB to be sent that nobody reads. */
const maxSentBytes = 20_000_000;

/** Asks the server by http, and until nothing of that is left. */
async function resultOf({ port }: { port: number }, timeoutMs: number) {
  const { signal } = new AbortController();
  const url = `http://127.0.0.1:${port}/`;
  const run = probe({ kind: "http", url, status: 0 }, {
    legion: "failover",
    check: "web",
    timeoutMs,
    signal,
  });
  const result = await run.result;
  await run.over;
  return result;
}

for (const [what, flood] of Object.entries(floods)) {
  Deno.test(`a server that says all but a status has failed at once: ${what}`, async () => {
    await using server = floodingServer(flood);
    const begun = performance.now();
    const { ok, output } = await resultOf(server, 10_000);
    assertEquals(ok, false, output);
    assert(performance.now() - begun < 5_000, output);
    await server.ended();
    assert(server.sent < maxSentBytes, `${server.sent} bytes were sent`);
  });
}

for (const [what, flood] of Object.entries(bodyFloods)) {
  Deno.test(`of a body only the beginning is read, whatever makes it endless: ${what}`, async () => {
    await using server = floodingServer(flood);
    const begun = performance.now();
    assertEquals(await resultOf(server, 10_000), { ok: true, output: "200 OK" });
    assert(performance.now() - begun < 5_000);
    await server.ended();
    assert(server.sent < maxSentBytes, `${server.sent} bytes were sent`);
  });
}

for (const first of ["HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n"]) {
  Deno.test(`an answer that drips has failed at the timeout: ${JSON.stringify(first)}`, async () => {
    await using server = floodingServer({ first, again: () => "x" }, { eachMs: 20 });
    const begun = performance.now();
    const { ok, output } = await resultOf(server, 300);
    assertEquals(ok, false);
    assert(/within 0.3 s$/.test(output), output);
    assert(performance.now() - begun < 3_000);
    await server.ended();
  });
}
