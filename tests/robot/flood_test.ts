// A server that never comes to an end: in each part of a reply it costs neither time nor memory.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { routeFailover } from "../../lib/robot/client.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { meaningOf } from "../../lib/robot/meaning.ts";
import {
  bodyFloods,
  type Flood,
  floodingServer,
  floods,
  trailerFloods,
} from "../lab/flooding_server.ts";
import { makeCertificate } from "../lab/certificate.ts";

const timeoutMs = 10_000;

function accessAt(port: number) {
  return {
    username: "FOO",
    password: "BAR",
    ip: "4.4.4.4",
    activeServerIp: "2.2.2.2",
    url: `http://127.0.0.1:${port}/failover/4.4.4.4`,
    timeoutMs,
  };
}

/** The system takes some MB to be sent that nobody reads. */
const maxSentBytes = 20_000_000;

for (const [what, flood] of Object.entries({ ...floods, ...bodyFloods, ...trailerFloods })) {
  Deno.test(`a reply that never ends is broken off at once: ${what}`, async () => {
    await using server = floodingServer(flood);
    const begun = performance.now();
    const error = await assertRejects(() => routeFailover(accessAt(server.port)), MoveError);
    const tookMs = performance.now() - begun;
    assertEquals(meaningOf(error), "unknown", `${error.code}: ${error.message}`);
    assert(tookMs < timeoutMs / 2, `${tookMs} ms`);
    await server.ended();
    assert(server.sent < maxSentBytes, `${server.sent} bytes were sent`);
  });
}

Deno.test("over TLS as well", async () => {
  const certificate = makeCertificate();
  await using server = floodingServer(floods["103 Early Hints"], { certificate });
  const access = accessAt(server.port);
  const url = access.url.replace("http:", "https:");
  const begun = performance.now();
  const error = await assertRejects(
    () => routeFailover({ ...access, url, sslNoVerify: true }),
    MoveError,
    "longer than",
  );
  assertEquals([error.kind, meaningOf(error)], ["unreadable", "unknown"]);
  assert(performance.now() - begun < timeoutMs / 2);
  await server.ended();
  assert(server.sent < maxSentBytes, `${server.sent} bytes were sent`);
});

const drips: Record<string, Flood> = {
  "a head": { first: "HTTP/1.1 200 OK\r\nX: ", again: () => "y" },
  "interim responses": { again: () => "HTTP/1.1 100 Continue\r\n\r\n" },
  "a body": { first: "HTTP/1.1 200 OK\r\n\r\n", again: () => " " },
};
for (const [what, flood] of Object.entries(drips)) {
  Deno.test(`a reply that drips ends with the time limit: ${what}`, async () => {
    await using server = floodingServer(flood, { eachMs: 20 });
    const access = { ...accessAt(server.port), timeoutMs: 300 };
    const begun = performance.now();
    const error = await assertRejects(() => routeFailover(access), MoveError);
    assertEquals([error.kind, error.code], ["lost", "TIMEOUT"]);
    assert(performance.now() - begun < 3_000);
    await server.ended();
  });
}

const upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
for (const eachMs of [0, 20]) {
  Deno.test(`a server that speaks another protocol all at once is lost (${eachMs} ms)`, async () => {
    await using server = floodingServer({ first: upgrade, again: () => "x" }, { eachMs });
    const begun = performance.now();
    const error = await assertRejects(
      () => routeFailover({ ...accessAt(server.port), timeoutMs: 2_000 }),
      MoveError,
    );
    assertEquals([error.kind, meaningOf(error)], ["lost", "unknown"]);
    assert(performance.now() - begun < 5_000);
    await server.ended();
  });
}
