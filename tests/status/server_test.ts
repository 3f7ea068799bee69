import type { Listen } from "../../lib/base/listen.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import type { Stats } from "../../lib/status/report.ts";
import { serveStats as serve, type StatsServerOptions } from "../../lib/status/server.ts";
import { connected, connectorCommand } from "../lab/connections.ts";

const stats: Stats = {
  version: "1.2.3",
  pid: 7,
  legions: [],
  name: "a",
  uptime_seconds: 1,
  not_read_anew: "",
};
/** The stats as they are told. */
const told = { ...stats, schema: 1, verdict: "OK", findings: [] };
const anywhere: Listen = { address: { host: "127.0.0.1", port: 0 } };

function serveStats(options: Omit<StatsServerOptions, "warn"> & Partial<StatsServerOptions>) {
  return serve({ warn: () => {}, ...options });
}

async function ask(options: Deno.ConnectOptions | Deno.UnixConnectOptions, request = "") {
  const connection = "path" in options ? await Deno.connect(options) : await Deno.connect(options);
  if (request !== "") await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

function tcp(at: string): Deno.ConnectOptions {
  const [hostname, port] = at.split(":");
  return { hostname, port: Number(port) };
}

Deno.test("each connection gets the document of its moment, and is closed", async () => {
  let pid = 0;
  const report = () => ({ ...stats, pid: ++pid });
  const server = await serveStats({ listen: anywhere, http: false, report });
  assertEquals(JSON.parse(await ask(tcp(server.at))), { ...told, pid: 1 });
  assertEquals(JSON.parse(await ask(tcp(server.at))), { ...told, pid: 2 });
  await server.close();
});

Deno.test("with stats-http it is an HTTP/1.0 reply", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const reply = await ask(tcp(server.at), "GET / HTTP/1.0\r\n\r\n");
  assertStringIncludes(reply, "HTTP/1.0 200 OK\r\n");
  const [, date] = /\r\nDate: (.*)\r\n/.exec(reply) ?? [];
  assertEquals(Math.abs(Date.parse(date) - Date.now()) < 10_000, true, date);
  assertStringIncludes(reply, "Content-Type: application/json\r\n");
  const fetched = await fetch(`http://${server.at}/`);
  assertEquals(await fetched.json(), told);
  await server.close();
});

Deno.test("a UNIX socket is made, is left to its owner, and goes with the server", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/stats.sock`;
  const server = await serveStats({ listen: { path }, http: false, report: () => stats });
  assertEquals(server.at, path);
  assertEquals((await Deno.lstat(path)).mode! & 0o777, 0o600);
  assertEquals(JSON.parse(await ask({ transport: "unix", path })), told);

  const taken = () => serveStats({ listen: { path }, http: false, report: () => stats });
  await assertRejects(taken, Error, "another process answers there");

  await server.close();
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  await Deno.remove(folder);
});

Deno.test("a UNIX socket that a killed node has left behind is taken over", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/stats.sock`;
  const script = `Deno.listen({ transport: "unix", path: ${JSON.stringify(path)} }); Deno.exit();`;
  await new Deno.Command(Deno.execPath(), { args: ["eval", script] }).output();
  assertEquals((await Deno.lstat(path)).isSocket, true);

  const server = await serveStats({ listen: { path }, http: false, report: () => stats });
  assertEquals(JSON.parse(await ask({ transport: "unix", path })), told);
  await server.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a file that is no socket is not touched", async () => {
  const path = await Deno.makeTempFile();
  await assertRejects(() => serveStats({ listen: { path }, http: false, report: () => stats }));
  assertEquals((await Deno.lstat(path)).isFile, true);
  await Deno.remove(path);
});

Deno.test("clients who say nothing hold up nobody, and go when the server goes", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const silent = await Deno.connect(tcp(server.at) as Deno.ConnectOptions);
  assertEquals(await (await fetch(`http://${server.at}/`)).json(), told);
  await server.close();
  assertEquals(await silent.read(new Uint8Array(1)).catch(() => null), null);
  silent.close();
});

Deno.test("a client that sends nothing is dropped by itself", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const silent = await Deno.connect(tcp(server.at));
  assertEquals(await silent.read(new Uint8Array(1)).catch(() => null), null);
  silent.close();
  await server.close();
});

Deno.test("connections that are reset do not end the serving, and are told of once", async () => {
  const lines: string[] = [];
  const warn = (line: string) => void lines.push(line);
  const server = await serveStats({ listen: anywhere, http: false, report: () => stats, warn });
  const [command, ...args] = [...connectorCommand, "reset", "100", `${tcp(server.at).port}`];
  // This process waits meanwhile, and so they are reset before they are accepted.
  const { stdout } = new Deno.Command(command, { args }).outputSync();
  assertEquals(new TextDecoder().decode(stdout), "done 0\n");
  assertEquals(JSON.parse(await ask(tcp(server.at))), told);
  await server.close();
  assertEquals(lines, [
    `stats at ${server.at}: a connection could not be accepted: the client was gone at once; ` +
    "accepting goes on",
  ]);
});

/** Whether a client that says nothing is dropped before its time, 5 s, is over. */
async function isDropped(silent: { readonly readyState: string }): Promise<boolean> {
  const until = performance.now() + 2_000;
  while (silent.readyState !== "closed" && performance.now() < until) await delay(10);
  return silent.readyState === "closed";
}

Deno.test("one address has 16 places: its oldest client makes room, and no other's", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const port = Number(tcp(server.at).port);
  const other = await connected({ port, from: "127.0.0.2" });
  const silent = [];
  for (let i = 0; i < 16; i++) silent.push(await connected({ port }));
  assertEquals(await (await fetch(`http://${server.at}/`)).json(), told);
  assertEquals(await isDropped(silent[0]), true);
  assertEquals(
    [...silent.slice(1), other].map(({ readyState }) => readyState),
    Array(16).fill("open"),
  );
  for (const socket of [...silent, other]) socket.destroy();
  await server.close();
});

Deno.test("no more than 64 clients are served at a time: the oldest makes room", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const port = Number(tcp(server.at).port);
  const silent = [];
  for (let i = 0; i < 64; i++) silent.push(await connected({ port, from: `127.0.0.${2 + i % 4}` }));
  assertEquals(await (await fetch(`http://${server.at}/`)).json(), told);
  assertEquals(await isDropped(silent[0]), true);
  assertEquals(silent.slice(1).map(({ readyState }) => readyState), Array(63).fill("open"));
  for (const socket of silent) socket.destroy();
  await server.close();
});

const requests: [what: string, request: string, status: number][] = [
  ["no HTTP", "hello\r\n\r\n", 400],
  ["half a request", "GET / HT", 400],
  ["a head without an end", `GET / HTTP/1.1\r\nx: ${"x".repeat(9_000)}`, 400],
  ["a proxy's request", "GET http://x/ HTTP/1.1\r\n\r\n", 400],
  ["HTTP/1.1", "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n", 200],
  ["another page", "GET /x HTTP/1.0\r\n\r\n", 200],
  ["another method", "DELETE /stats HTTP/1.0\r\n\r\n", 405],
];
for (const [what, request, status] of requests) {
  Deno.test(`${status}: ${what}`, async () => {
    const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
    const connection = await Deno.connect(tcp(server.at));
    await connection.write(new TextEncoder().encode(request));
    await connection.closeWrite();
    const reply = await new Response(connection.readable).text();
    await server.close();
    assertStringIncludes(reply, `HTTP/1.0 ${status} `);
  });
}

Deno.test("a name that leads here by somebody's name server is no name of this machine", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const request = (...hosts: string[]) =>
    `GET /stats HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join("")}\r\n`;
  for (const hosts of [["evil.example"], ["localhost", "evil.example"]]) {
    const reply = await ask(tcp(server.at), request(...hosts));
    assertStringIncludes(reply, "HTTP/1.0 403 Forbidden\r\n");
    assertStringIncludes(reply, "\r\n\r\nthis is for this machine alone: ask by 127.0.0.1, ");
  }
  await server.close();
});

Deno.test("all who reach the wildcard address may call it by any name", async () => {
  const listen = { address: { host: "0.0.0.0", port: 0 } };
  const server = await serveStats({ listen, http: true, report: () => stats });
  const at = { port: Number(tcp(server.at).port) };
  const reply = await ask(at, "GET /stats HTTP/1.1\r\nHost: status.example\r\n\r\n");
  assertStringIncludes(reply, "HTTP/1.0 200 OK\r\n");
  await server.close();
});

Deno.test("a reply is not to be kept or guessed at, and the page asks nobody else", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const headOf = async (request: string) => {
    const reply = await ask(tcp(server.at), request);
    const [head, body] = reply.split("\r\n\r\n");
    const [, ...headers] = head.split("\r\n");
    return { ...Object.fromEntries(headers.map((line) => line.split(": "))), body };
  };
  const page = await headOf("HEAD / HTTP/1.0\r\naccept: text/html\r\n\r\n");
  assertEquals(page["Cache-Control"], "no-store");
  assertEquals(page["X-Content-Type-Options"], "nosniff");
  assertEquals(page["Content-Type"], "text/html; charset=utf-8");
  assert(page["Content-Security-Policy"].startsWith("default-src 'none'; "));
  const refused = await headOf("POST /stats HTTP/1.0\r\n\r\n");
  assertEquals([refused.Allow, refused["Content-Length"]], [
    "GET, HEAD",
    `${refused.body.length}`,
  ]);
  await server.close();
});

Deno.test("HEAD: the head alone", async () => {
  const server = await serveStats({ listen: anywhere, http: true, report: () => stats });
  const reply = await ask(tcp(server.at), "HEAD /stats HTTP/1.0\r\n\r\n");
  await server.close();
  assertStringIncludes(reply, "HTTP/1.0 200 OK\r\n");
  assertEquals(reply.endsWith("\r\n\r\n"), true);
});
