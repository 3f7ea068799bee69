import { createServer, type Socket } from "node:net";
import { assertEquals, assertRejects } from "@std/assert";
import { MoveError } from "../../lib/move/move_error.ts";
import { reach } from "../../lib/move/reach.ts";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { makeCertificate } from "../lab/certificate.ts";
import { freePorts } from "../lab/free_ports.ts";

const timeoutMs = 10_000;

/** What a connection to a place ends with: its certificate, or the kind and code of the error. */
async function reached(options: Parameters<typeof reach>[0]): Promise<string> {
  try {
    return (await reach(options)).certificate;
  } catch (error) {
    if (error instanceof MoveError) return `${error.kind} ${error.code}`;
    throw error;
  }
}

Deno.test("reach: over https the certificate is verified, and no request is sent", async () => {
  const tls = makeCertificate();
  await using robot = await startSimulator({ accounts: [], servers: [], failovers: [], tls });
  const { url } = robot;
  assertEquals(await reached({ url, timeoutMs, ca: tls.cert }), "verified");
  assertEquals(await reached({ url, timeoutMs, sslNoVerify: true }), "unverified");
  assertEquals((await reached({ url, timeoutMs })).startsWith("untrusted "), true);
  const another = makeCertificate().cert;
  assertEquals((await reached({ url, timeoutMs, ca: another })).startsWith("untrusted "), true);
  assertEquals(await reached({ url, timeoutMs, ca: "/nonexistent" }), "untrusted CA_UNUSABLE");
  const { host, address } = await reach({ url, timeoutMs, ca: tls.cert });
  assertEquals([host, address], [new URL(url).host, "127.0.0.1"]);
  assertEquals(robot.requests.length, 0);
});

Deno.test("reach: a certificate for another host, and one that has expired, do not verify", async () => {
  for (const tls of [makeCertificate({ host: "10.9.9.9" }), makeCertificate({ days: -1 })]) {
    await using robot = await startSimulator({ accounts: [], servers: [], failovers: [], tls });
    const result = await reached({ url: robot.url, timeoutMs, ca: tls.cert });
    assertEquals(result.split(" ")[0], "untrusted");
  }
});

Deno.test("reach: over http there is no certificate", async () => {
  await using robot = await startSimulator({ accounts: [], servers: [], failovers: [] });
  assertEquals(await reached({ url: robot.url, timeoutMs }), "none");
});

Deno.test("reach: a name that does not resolve, a port that nobody listens on", async () => {
  const [port] = freePorts(1);
  assertEquals(
    await reached({ url: `https://127.0.0.1:${port}/`, timeoutMs }),
    "unsent ECONNREFUSED",
  );
  const unknown = await reached({ url: "https://name.invalid/", timeoutMs, family: 4 });
  assertEquals(/^unsent (ENOTFOUND|EAI_AGAIN)$/.test(unknown), true, unknown);
});

Deno.test("reach: a server that says nothing is waited for until the limit, or the signal", async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => {})));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as { port: number };
  const url = `https://127.0.0.1:${port}/`;
  try {
    assertEquals(await reached({ url, timeoutMs: 50, sslNoVerify: true }), "unsent TIMEOUT");
    const stop = new AbortController();
    const asked = reach({ url, timeoutMs, sslNoVerify: true, signal: stop.signal });
    stop.abort(new Error("enough"));
    await assertRejects(() => asked, Error, "enough");
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});
