// A node as systemd runs it: what it tells at NOTIFY_SOCKET.
import { assert, assertEquals } from "@std/assert";
import { failover } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { ManagerSocket } from "../lab/manager_socket.ts";

async function setUp(more = "") {
  const folder = await Deno.makeTempDir();
  const [one, two] = freePorts(2);
  const text = ["[uwsgi]"].concat(
    [["one", one], ["two", two]].map(([name, port]) =>
      `legion = ${name} 127.0.0.1:${port} 10 bf-cbc:SECRET`
    ),
    `legion-freq = 0.1\nlegion-tolerance = 1\n${more}\n`,
  ).join("\n");
  const file = `${folder}/node.ini`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  const start = (env: Record<string, string>) =>
    failover("node", ["node", "--config", file], { env });
  return {
    file,
    text,
    start,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

Deno.test("ready, what it is in each legion, a reload, and the end", async () => {
  using manager = new ManagerSocket("abstract");
  await using setup = await setUp();
  await using node = setup.start({ NOTIFY_SOCKET: manager.at });
  const begin = await manager.until(/^READY=1$/);
  assert(begin.every((message) => /^STATUS=|^READY=1$/.test(message)), begin.join());
  await manager.until(/^STATUS=one: lord; two: lord$/);
  node.signal("SIGHUP");
  const reload = await manager.until(/^READY=1$/);
  assertEquals(reload.map((message) => message.replace(/\d{5,}/, "N")), [
    "RELOADING=1\nMONOTONIC_USEC=N",
    "READY=1",
  ]);
  await Deno.writeTextFile(setup.file, "");
  node.signal("SIGHUP");
  assertEquals((await manager.until(/^READY=1$/)).length, 2);
  node.signal("SIGTERM");
  assertEquals(await manager.next(), "STOPPING=1");
  assertEquals(await node.status(), 0);
});

Deno.test("a node that cannot listen is never ready", async () => {
  using manager = new ManagerSocket("abstract");
  await using setup = await setUp();
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(setup.text)?.[1]);
  const other = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port });
  await using node = setup.start({ NOTIFY_SOCKET: manager.at });
  assertEquals(await node.status(), 1);
  assert(await manager.quiet(100));
  other.close();
});

Deno.test("a node that waits for its address is ready, so that nothing ends it meanwhile", async () => {
  using manager = new ManagerSocket("abstract");
  await using setup = await setUp();
  // 192.0.2.0/24 is for documentation (RFC 5737): it is on no machine.
  await Deno.writeTextFile(setup.file, setup.text.replace("127.0.0.1", "192.0.2.77"));
  await using node = setup.start({ NOTIFY_SOCKET: manager.at });
  await manager.until(/^READY=1$/);
  await manager.until(/^STATUS=one: waits for 192\.0\.2\.77:\d+; two: lord$/);
  node.signal("SIGTERM");
  assertEquals(await node.status(), 0);
});

Deno.test("hooks do not take themselves for the service", async () => {
  using manager = new ManagerSocket("path");
  await using setup = await setUp("legion-lord = one cmd:echo [$NOTIFY_SOCKET$WATCHDOG_USEC]");
  const env = { NOTIFY_SOCKET: manager.at, WATCHDOG_USEC: "60000000" };
  await using node = setup.start(env);
  await node.line(/one: \[\]$/);
  assertEquals(await node.end("SIGTERM"), 0);
});

Deno.test("a node that nobody listens to goes on", async () => {
  await using setup = await setUp();
  const env = { NOTIFY_SOCKET: "/nonexistent/notify", WATCHDOG_USEC: "100000" };
  await using node = setup.start(env);
  await node.line(/warn +the service manager cannot be told anything/);
  await node.line(/two: this node is the lord/);
  assertEquals(await node.end("SIGTERM"), 0);
});

Deno.test("the watchdog is fed while the loop runs, and not while it hangs", async () => {
  using manager = new ManagerSocket("abstract");
  await using setup = await setUp();
  const watchdogMs = 400;
  const env = { NOTIFY_SOCKET: manager.at, WATCHDOG_USEC: `${watchdogMs * 1000}` };
  await using node = setup.start(env);
  await manager.until(/two: lord$/);
  for (let n = 0; n < 5; n++) {
    const beforeMs = performance.now();
    await manager.until(/^WATCHDOG=1$/);
    // Half of its time; the rest is for a machine that has much to do.
    assert(performance.now() - beforeMs < 10 * watchdogMs);
  }
  node.signal("SIGSTOP");
  // One may have been on its way.
  if (!await manager.quiet(watchdogMs)) await manager.next();
  assert(await manager.quiet(3 * watchdogMs));
  node.signal("SIGCONT");
  await manager.until(/^WATCHDOG=1$/);
  assertEquals(await node.end("SIGTERM"), 0);
});
