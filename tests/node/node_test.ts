import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { delay } from "@std/async/delay";
import type { Config } from "../../lib/config/config.ts";
import { freePorts } from "../lab/free_ports.ts";
import { withOwnFolders } from "../lab/own_folders.ts";
import { startNode } from "../../lib/node/node.ts";
import { Notifier } from "../../lib/node/systemd.ts";
import { BindError } from "../../lib/node/transport.ts";
import { legionsOf } from "../lab/stats.ts";
import { legionConfig } from "./legion_config.ts";
import { untilFree } from "./reopen_udp.ts";

for (const [name, value] of Object.entries(withOwnFolders())) Deno.env.set(name, value);

function setUp(changed: Partial<Config>) {
  const lines: string[] = [];
  const options = {
    config: {
      file: "test.ini",
      section: "uwsgi",
      legions: [],
      statsHttp: false,
      files: ["test.ini"],
      origins: [],
      passedOver: [],
      warnings: [],
      ...changed,
    },
    log: (level: string, message: string, legion?: string) => {
      lines.push(`${level} ${legion ?? "-"} ${message}`);
    },
    version: "1.2.3",
    manager: new Notifier({ env: () => undefined, pid: Deno.pid, warn: () => {} }),
    name: "a",
  };
  return { lines, options };
}

function onLoopback(name: string, port?: number) {
  const [free] = freePorts(1);
  return legionConfig({ name, address: { host: "127.0.0.1", port: port ?? free } });
}

Deno.test("one process is in several legions, and the stats tell of all", async () => {
  const legions = [onLoopback("one"), onLoopback("two")];
  const [port] = freePorts(1);
  const stats = { address: { host: "127.0.0.1", port } };
  const node = await startNode(setUp({ legions, stats }).options);
  assertEquals((await legionsOf(port)).map(({ legion }) => legion), ["one", "two"]);
  await node.stop();
  // A command that another test file starts at that moment has the socket until its program runs.
  for (let tries = 0; tries < 50; tries++) {
    const error = await assertRejects(() => legionsOf(port));
    if (error instanceof Deno.errors.ConnectionRefused) return;
    await delay(50);
  }
  throw new Error("the stats are still listened for");
});

Deno.test("warnings and options passed over are said at the start", async () => {
  const { lines, options } = setUp({
    legions: [onLoopback("one")],
    warnings: ["test.ini:3: unwise"],
    passedOver: ["plugin", "master"],
  });
  await (await startNode(options)).stop();
  assertEquals(lines.slice(0, 2), [
    "warn - test.ini:3: unwise",
    "info - options passed over, they only concern uWSGI: plugin, master",
  ]);
});

Deno.test("when one address cannot be listened on nothing is left running", async () => {
  const first = onLoopback("one");
  const second = onLoopback("two", first.address.port);
  const error = await assertRejects(
    () => startNode(setUp({ legions: [first, second] }).options),
    BindError,
  );
  assertStringIncludes(
    error.message,
    `test.ini:2: legion two: cannot listen on 127.0.0.1:${first.address.port}: the address is in use`,
  );
  const node = await untilFree(() => startNode(setUp({ legions: [first] }).options));
  await node.stop();
});

Deno.test("a stats address that cannot be listened on is an error too", async () => {
  const stats = { path: "/nonexistent/stats.sock" };
  const { options } = setUp({ legions: [onLoopback("one")], stats });
  const error = await assertRejects(() => startNode(options), BindError);
  assertStringIncludes(error.message, "test.ini: stats: cannot listen on /nonexistent/stats.sock:");
});
