import { createServer, type Socket } from "node:net";
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { routeFailover } from "../../lib/robot/client.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { named } from "../lab/named.ts";
import { accessTo, startRobot, takeover } from "./_setup.ts";

/** A server that answers whatever comes with these bytes, and then ends, breaks or holds the line. */
async function rawServer(
  reply: string | Uint8Array,
  then: "end" | "destroy" | "hold",
  host = "127.0.0.1",
) {
  const sockets = new Set<Socket>();
  const seen = { connections: 0, text: "" };
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    seen.connections++;
    socket.on("error", () => {});
    socket.on("close", () => resolve());
    socket.on("data", (chunk) => {
      seen.text += chunk;
      // The whole request: its form is the last to come.
      if (!seen.text.includes("active_server_ip=2.2.2.2")) return;
      socket.write(reply, () => {
        if (then === "end") socket.end();
        if (then === "destroy") socket.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, () => resolve()));
  const { port } = server.address() as { port: number };
  return {
    seen,
    /** Resolves when a connection is closed. */
    closed,
    access: {
      username: "#ws+user",
      password: "pä;ss:w0rd",
      ip: "4.4.4.4",
      activeServerIp: "2.2.2.2",
      url: `http://${
        host.includes(":") ? `[${host}]` : host
      }:${port}/robot/failover/4.4.4.4?as=it&is`,
      timeoutMs: 10_000,
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const whole = '{"failover":{"ip":"4.4.4.4","active_server_ip":"2.2.2.2"}}';

Deno.test("a request on the wire: the URL as it is, form-encoded, Basic credentials in UTF-8", async () => {
  const reply = `HTTP/1.1 200 OK\r\nContent-Length: ${whole.length}\r\n\r\n${whole}`;
  await using server = await rawServer(reply, "hold");
  assertEquals((await routeFailover(server.access)).activeServerIp, "2.2.2.2");
  const [head, body] = server.seen.text.split("\r\n\r\n");
  const [first, ...headers] = head.split("\r\n");
  assertEquals(first, "POST /robot/failover/4.4.4.4?as=it&is HTTP/1.1");
  assertEquals(body, "active_server_ip=2.2.2.2");
  const of = (name: string) =>
    headers.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2);
  assertEquals(of("content-type"), "application/x-www-form-urlencoded");
  assertEquals(of("content-length"), "24");
  assertEquals(of("accept"), "application/json");
  const credentials = Uint8Array.from(
    atob(of("authorization")!.replace("Basic ", "")),
    (c) => c.charCodeAt(0),
  );
  assertEquals(new TextDecoder().decode(credentials), "#ws+user:pä;ss:w0rd");
});

Deno.test("a reply that breaks off is lost, whatever its beginning", async () => {
  for (
    const reply of [
      "HTTP/1.1 200 OK\r\n",
      `HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${whole}`,
      `HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"err`,
    ]
  ) {
    await using server = await rawServer(reply, "destroy");
    const error = await assertRejects(() => routeFailover(server.access), MoveError);
    assertEquals([error.kind, server.seen.connections], ["lost", 1], reply);
  }
});

Deno.test("the time limit covers a body that never ends", async () => {
  const reply = `HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${whole}`;
  await using server = await rawServer(reply, "hold");
  const access = { ...server.access, timeoutMs: 100 };
  const error = await assertRejects(() => routeFailover(access), MoveError);
  assertEquals([error.kind, error.code], ["lost", "TIMEOUT"]);
});

Deno.test("a reply that is too long is broken off", async () => {
  const reply = `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(200_000)}`;
  await using server = await rawServer(reply, "hold");
  const error = await assertRejects(() => routeFailover(server.access), MoveError, "131072 bytes");
  assertEquals([error.kind, error.code], ["unreadable", "UNREADABLE_REPLY"]);
  await server.closed;
});

Deno.test("a request is cancelled also while its reply comes in", async () => {
  await using server = await rawServer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "hold");
  const abort = new AbortController();
  const post = routeFailover(server.access, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error("enough")), 50);
  await assertRejects(() => post, Error, "enough");
});

Deno.test("what is not HTTP is lost", async () => {
  for (
    const reply of [
      "SSH-2.0-OpenSSH_9.9\r\n",
      "\0\0\0",
      "HTTP/1.1 abc\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
      `HTTP/1.1 200 OK\r\nX: ${"y".repeat(100_000)}\r\n\r\n`,
    ]
  ) {
    await using server = await rawServer(reply, "end");
    const error = await assertRejects(() => routeFailover(server.access), MoveError);
    assert(error.kind === "lost" || error.kind === "unreadable", `${error.kind}: ${reply}`);
  }
});

async function canNameHosts(): Promise<boolean> {
  const file = await Deno.makeTempFile();
  try {
    const server = await rawServer("", "end", "::1");
    await server[Symbol.asyncDispose]();
    const [command, ...args] = named("robot.test", "::1", file);
    return (await new Deno.Command(command, { args: [...args, "true"] }).output()).success;
  } catch {
    return false;
  } finally {
    await Deno.remove(file);
  }
}
const nameable = await canNameHosts();
if (!nameable) console.log("http_test: one skipped, it needs root, util-linux and IPv6");

Deno.test({
  name: "the Robot is asked over IPv4, also where a name has an IPv6 address",
  ignore: !nameable,
  async fn() {
    await using server = await rawServer("", "destroy", "::1");
    const file = await Deno.makeTempFile();
    const access = { ...server.access, url: server.access.url.replace("[::1]", "robot.test") };
    const code = `import { routeFailover } from "${
      import.meta.resolve("../../lib/robot/client.ts")
    }";
      console.log(await routeFailover(${JSON.stringify(access)}).catch(({ kind }) => kind));`;
    const [command, ...args] = named("robot.test", "::1", file);
    const child = new Deno.Command(command, {
      args: [...args, Deno.execPath(), "eval", code],
    });
    const { stdout } = await child.output();
    await Deno.remove(file);
    assertEquals([new TextDecoder().decode(stdout), server.seen.connections], ["unsent\n", 0]);
  },
});

Deno.test("whatever bytes a connection brings, the outcome is a documented one", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string().map((text) => new TextEncoder().encode(`HTTP/1.1 200 OK\r\n${text}`)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (bytes) => {
      await using server = await rawServer(bytes, "end");
      const error = await assertRejects(() => routeFailover(server.access), MoveError);
      assert(error.kind === "lost" || error.kind === "unreadable", error.kind);
    }),
    { numRuns: 40 },
  );
});

Deno.test("whatever bodies and statuses the replies have, a takeover ends with an outcome", async () => {
  const status = fc.constantFrom(200, 201, 204, 301, 400, 401, 403, 404, 409, 418, 500, 503, 599);
  const body = fc.oneof(fc.uint8Array(), fc.json().map((text) => new TextEncoder().encode(text)));
  const fault = fc.record({ kind: fc.constant("body" as const), status, body });
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 3 }), async (faults) => {
      await using robot = await startRobot();
      robot.fail(...faults);
      const run = { wait: () => Promise.resolve() };
      const result = await takeover({ ...accessTo(robot), deadlineMs: 180_000 }, run);
      assert(result.outcome === "routed" || result.outcome === "refused", result.message);
    }),
    { numRuns: 40 },
  );
});
