import { assert, assertEquals } from "@std/assert";
import type { Probe } from "../../lib/base/check.ts";
import { probe } from "../../lib/checks/probe.ts";
import { freePorts } from "../lab/free_ports.ts";
import { isRunning } from "../lab/proc.ts";
import { makeCertificate } from "../lab/certificate.ts";

function ask(what: Probe, timeoutMs = 5_000, signal = new AbortController().signal) {
  return probe(what, { legion: "failover", check: "web", timeoutMs, signal });
}

/** Until nothing of a probe is left. */
async function resultOf(what: Probe, timeoutMs?: number) {
  const run = ask(what, timeoutMs);
  const result = await run.result;
  await run.over;
  return result;
}

function cmd(command: string): Probe {
  return { kind: "cmd", command };
}

/** A web server that answers as it is told; what it was asked comes with it. */
function serve(answer: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    requests.push(request);
    return answer(request);
  });
  const { port } = server.addr;
  return {
    requests,
    http: (status = 0, path = "/"): Probe => ({
      kind: "http",
      url: `http://127.0.0.1:${port}${path}`,
      status,
    }),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A server that takes connections, and never says a word. */
function mute() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) connections.push(connection);
  })();
  const { port } = listener.addr as Deno.NetAddr;
  return {
    port,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of connections) connection.close();
    },
  };
}

Deno.test("a command's exit status 0 is a success, and what it says is told", async () => {
  assertEquals(await resultOf(cmd("echo all; echo well >&2")), { ok: true, output: "all well" });
  assertEquals(await resultOf(cmd("true")), { ok: true, output: "exit status 0" });
});

Deno.test("a command knows for which legion and check it runs", async () => {
  const { output } = await resultOf(cmd('echo "$FAILOVER_LEGION $FAILOVER_CHECK"'));
  assertEquals(output, "failover web");
});

Deno.test("any other end of a command is a failure, with what it said", async () => {
  assertEquals(await resultOf(cmd("echo no disk; exit 3")), {
    ok: false,
    output: "exit status 3: no disk",
  });
  assertEquals(await resultOf(cmd("kill -TERM $$")), { ok: false, output: "ended by SIGTERM" });
});

Deno.test("of the output 200 characters are told, in one line without control characters", async () => {
  const { output } = await resultOf(
    cmd("printf 'a\\033[31m\\nb '; head -c 1000000 /dev/zero | tr '\\0' x"),
  );
  assertEquals(output.length, 200);
  assert(output.startsWith("a [31m b xxx"), output);
});

Deno.test("a command that hangs is killed at its timeout, with all that it has started", async () => {
  const file = await Deno.makeTempFile();
  const begun = performance.now();
  const hanging = `trap '' TERM; sleep 60 & echo $! > ${file}; echo waiting; wait`;
  const run = ask(cmd(hanging), 300);
  assertEquals(await run.result, { ok: false, output: "killed after 0.3 s: waiting" });
  const tookMs = performance.now() - begun;
  assert(tookMs >= 299 && tookMs < 600, `${tookMs} ms`);
  await run.over;
  const child = (await Deno.readTextFile(file)).trim();
  assertEquals(await isRunning(child), false);
  await Deno.remove(file);
});

Deno.test("a command that nobody wants to know of any more is killed at once", async () => {
  const abort = new AbortController();
  const run = ask(cmd("sleep 60"), 60_000, abort.signal);
  abort.abort();
  assertEquals(await run.result, { ok: false, output: "called off" });
  await run.over;
});

Deno.test("what a command leaves behind holds up nothing", async () => {
  const begun = performance.now();
  const file = await Deno.makeTempFile();
  const { ok } = await resultOf(cmd(`sleep 30 & echo $! > ${file}`));
  assert(ok && performance.now() - begun < 5_000);
  Deno.kill(Number(await Deno.readTextFile(file)), "SIGKILL");
  await Deno.remove(file);
});

Deno.test("an answer from 200 to 299 is a success, or the status that was named", async () => {
  await using server = serve(({ url }) =>
    new Response("body", { status: Number(new URL(url).pathname.slice(1)) })
  );
  assertEquals(await resultOf(server.http(0, "/200")), { ok: true, output: "200 OK" });
  assertEquals((await resultOf(server.http(0, "/299"))).ok, true);
  assertEquals(await resultOf(server.http(0, "/503")), {
    ok: false,
    output: "503 Service Unavailable",
  });
  assertEquals((await resultOf(server.http(401, "/401"))).ok, true);
  assertEquals(await resultOf(server.http(204, "/200")), { ok: false, output: "200 OK" });
});

Deno.test("a redirect is an answer like any other, and is not followed", async () => {
  await using server = serve(() => new Response(null, { status: 302, headers: { location: "/" } }));
  assertEquals(await resultOf(server.http()), { ok: false, output: "302 Found" });
  assertEquals((await resultOf(server.http(302))).ok, true);
  assertEquals(server.requests.length, 2);
});

Deno.test("each question comes over a connection of its own", async () => {
  let connections = 0;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for await (const connection of listener) {
      connections++;
      await connection.read(new Uint8Array(4096));
      const reply = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";
      await connection.write(new TextEncoder().encode(reply));
      // It would take another one here.
      while (await connection.read(new Uint8Array(4096)) !== null);
      connection.close();
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const what: Probe = { kind: "http", url: `http://127.0.0.1:${port}/`, status: 0 };
  for (let asked = 1; asked <= 3; asked++) {
    assertEquals((await resultOf(what)).ok, true);
    assertEquals(connections, asked);
  }
  listener.close();
  await accepting;
});

Deno.test("of an endless body only the beginning is read, and the status counts", async () => {
  await using server = serve(() =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16_384)) }),
    )
  );
  assertEquals(await resultOf(server.http()), { ok: true, output: "200 OK" });
});

/** A server that says this to whoever asks, and then nothing more; or it closes the connection. */
function says(text: string, { closes = false } = {}) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(4096));
      await connection.write(new TextEncoder().encode(text));
      if (closes) connection.close();
      else connections.push(connection);
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  return {
    http: (status = 0): Probe => ({ kind: "http", url: `http://127.0.0.1:${port}/`, status }),
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      for (const connection of connections) connection.close();
    },
  };
}

const partOf = "Content-Length: 100\r\n\r\nhalf of it";

Deno.test("an answer that does not come to its end has failed at the timeout", async () => {
  await using server = says(`HTTP/1.1 200 OK\r\n${partOf}`);
  const begun = performance.now();
  assertEquals(await resultOf(server.http(), 200), {
    ok: false,
    output: "200 OK, but not all of it within 0.2 s",
  });
  assert(performance.now() - begun < 500);
});

Deno.test("an answer that breaks off is a failure", async () => {
  for (const rest of [partOf, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"]) {
    await using server = says(`HTTP/1.1 200 OK\r\n${rest}`, { closes: true });
    assertEquals(await resultOf(server.http()), {
      ok: false,
      output: "200 OK, but the answer breaks off",
    });
  }
});

Deno.test("an answer without a length ends with its connection", async () => {
  await using server = says("HTTP/1.0 200 OK\r\n\r\nhello", { closes: true });
  assertEquals(await resultOf(server.http()), { ok: true, output: "200 OK" });
});

Deno.test("a wrong status is a failure at once, whatever its body does", async () => {
  await using server = says(`HTTP/1.1 500 Oh\u001b[31m\r\n${partOf}`);
  assertEquals(await resultOf(server.http(), 60_000), {
    ok: false,
    output: "500 Internal Server Error",
  });
});

Deno.test("a server that changes the protocol has failed at once", async () => {
  const text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n";
  await using server = says(text);
  assertEquals(await resultOf(server.http()), {
    ok: false,
    output: "the server changed the protocol",
  });
});

Deno.test("a server that takes the connection and says nothing has failed at the timeout", async () => {
  await using server = mute();
  const url = `http://127.0.0.1:${server.port}/`;
  const begun = performance.now();
  assertEquals(await resultOf({ kind: "http", url, status: 0 }, 200), {
    ok: false,
    output: "no answer within 0.2 s",
  });
  assert(performance.now() - begun < 500);
});

Deno.test("a port that nobody listens on is a failure: http and tcp", async () => {
  const [port] = freePorts(1);
  const refused = { ok: false, output: "connection refused" };
  const url = `http://127.0.0.1:${port}/`;
  assertEquals(await resultOf({ kind: "http", url, status: 0 }), refused);
  const address = { host: "127.0.0.1", port };
  assertEquals(await resultOf({ kind: "tcp", address }), refused);
});

Deno.test("a server that takes the connection is a success: tcp", async () => {
  await using server = mute();
  const address = { host: "127.0.0.1", port: server.port };
  assertEquals(await resultOf({ kind: "tcp", address }), { ok: true, output: "connected" });
});

Deno.test("over https a certificate that nobody vouches for is a failure", async () => {
  const { cert, key } = makeCertificate();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, cert, key, onListen() {} }, () => {
    return new Response("ok");
  });
  const url = `https://127.0.0.1:${server.addr.port}/`;
  const asked = { kind: "http", url, status: 0 } as const;
  const { ok, output } = await resultOf(asked);
  assertEquals(ok, false);
  assert(/certificate/i.test(output), output);

  const ca = await Deno.makeTempFile();
  await Deno.writeTextFile(ca, cert);
  assertEquals(await resultOf({ ...asked, ca }), { ok: true, output: "200 OK" });
  // The file is read for each run: it may have been renewed, or be gone.
  await Deno.writeTextFile(ca, "");
  const unusable = { ok: false, output: `ca file ${ca}: it holds no certificate in PEM form` };
  assertEquals(await resultOf({ ...asked, ca }), unusable);
  await Deno.remove(ca);
  assertEquals((await resultOf({ ...asked, ca })).ok, false);
  await server.shutdown();
});
