// A lord whose hooks never stop talking.
import { assert } from "@std/assert";
import { decodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { residentBytes } from "../lab/proc.ts";

const host = "127.0.0.1";
const cipher = "bf-cbc";
const toleranceMs = 1_500;
const hookSeconds = 3;
const MiB = 1024 * 1024;
// Measured: 54 to 64 MiB, of which the most comes with becoming lord.
const mayGrow = 128 * MiB;

Deno.test("hooks that talk without an end: the lord is heard all the time, and does not grow", async () => {
  await using setup = await setUp();
  const { lord, heardMs } = setup;
  const before = await residentBytes(lord.pid);
  const begun = await lord.line(/lord hook cmd \(.*:9\) begins/);
  const begunMs = performance.now();
  const between = await lord.line(/lord hook cmd \(.*:9\) ended .*legion-hook-timeout/, begun);
  await lord.line(/lord hook cmd \(.*:10\) ended .*legion-hook-timeout/, between);
  const endedMs = performance.now();
  const after = await residentBytes(lord.pid);

  const times = [begunMs, ...heardMs.filter((ms) => ms > begunMs && ms < endedMs), endedMs];
  const silentMs = Math.max(...times.slice(1).map((ms, index) => ms - times[index]));
  const lines = lord.lines.slice(begun, between).filter((line) => / y$/.test(line)).length;
  const grown = ((after - before) / MiB).toFixed(0);
  console.log(`longest silence ${silentMs.toFixed(0)} ms; ${lines} lines; grown by ${grown} MiB`);
  assert(silentMs < toleranceMs, `no announcement for ${silentMs} ms`);
  assert(after < before + mayGrow, `it has grown from ${before} to ${after} bytes`);
  assert(lines >= 200 && lines <= 200 * (hookSeconds + 2), `${lines} lines`);
  const leftOut = /\(lines of its output left out here: \d{4,};/;
  assert(lord.lines.slice(begun, between).some((line) => leftOut.test(line)));
});

/** A legion of three, of which the second only agrees, and the third only listens. */
async function setUp() {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(3);
  const heardMs: number[] = [];
  const { open } = await createCipher({ cipher, secret: "secret1", iv: "" });
  const witness = await openUdp({
    address: { host, port: ports[2] },
    casting: "unicast",
    received(datagram) {
      if (decodeAnnouncement(open(datagram)).name === "lord") heardMs.push(performance.now());
    },
    unsent: () => {},
  });
  made.defer(() => witness.close());
  const text = (index: number, ...hooks: string[]) =>
    [
      "[uwsgi]",
      `legion = test ${host}:${ports[index]} ${30 - index} ${cipher}:secret1`,
      ...ports.filter((_, i) => i !== index).map((port) => `legion-node = test ${host}:${port}`),
      "legion-quorum = test 2",
      "legion-freq = 0.1",
      `legion-tolerance = ${toleranceMs / 1000}`,
      `legion-hook-timeout = ${hookSeconds}`,
      ...hooks.map((hook) => `legion-lord = test ${hook}`),
      "",
    ].join("\n");
  const hooks = ["cmd:yes", "cmd:cat /dev/zero"];
  const lord = made.use(await startNode(folder, "lord", text(0, ...hooks)));
  made.use(await startNode(folder, "peer", text(1)));
  const all = made.move();
  return { lord, heardMs, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
