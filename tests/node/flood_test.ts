// A lord that is flooded with junk by another process; FLOOD_SECONDS=10 does it for that long.
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { decodeAnnouncement, encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { openUdp } from "../../lib/node/transport.ts";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { announcement } from "../legion/announcement.ts";
import { residentBytes } from "../lab/proc.ts";
import { TestProcess } from "../lab/process.ts";
import { legionsOf, untilStats } from "../lab/stats.ts";

const floodSeconds = Number(Deno.env.get("FLOOD_SECONDS") ?? 3);
const rate = 20_000;
const freqMs = 500;
// On one machine the answers to a lord come just when it has given up the processor, and so its
// socket is full: many are lost, and ten chances are needed rather than three.
const toleranceMs = 10 * freqMs;
const host = "127.0.0.1";
const cipher = "bf-cbc";
const MiB = 1024 * 1024;
// Measured: 12 to 24 MiB.
const mayGrow = 32 * MiB;

Deno.test("a flood of junk does not unseat a lord, nor silence it, nor make it grow", async () => {
  await using setup = await setUp();
  const { lord, peer, witness, statsPorts } = setup;
  await untilStats(
    statsPorts,
    "the lord to be lord, and its peer to say so",
    (legions) => legions[0].i_am_the_lord > 0 && legions[1].lords.includes("lord"),
  );
  const [lordLines, peerLines] = [lord.lines.length, peer.lines.length];
  const before = await residentBytes(lord.pid);
  const probed = witness.probes;
  const [{ dropped: droppedBefore }] = await legionsOf(statsPorts[0]);

  const begun = performance.now();
  const sent = await setup.flood();
  const ended = performance.now();
  const probes = witness.probes - probed;
  const [[stats], [seen]] = await Promise.all(statsPorts.map(legionsOf));
  const after = await smallestWithin(3_000, () => residentBytes(lord.pid));

  const heardMs = witness.heardMs.filter((ms) => ms > begun && ms < ended);
  const silentMs = longestGap([begun, ...heardMs, ended]);
  const came = (stats.dropped.legion?.count ?? 0) - (droppedBefore.legion?.count ?? 0);
  const share = came / probes;
  console.log(
    `${sent} datagrams of junk in ${floodSeconds} s: ${(100 * share).toFixed(0)} % of the real ` +
      `ones came through; longest silence ${silentMs.toFixed(0)} ms, freq ${freqMs} ms; ` +
      `memory ${(before / MiB).toFixed(0)} MiB before, ${(after / MiB).toFixed(0)} MiB after`,
  );

  assert(sent > floodSeconds * rate / 4, `only ${sent} datagrams of junk were sent`);
  assertEquals(stats.state, "lord");
  assertEquals(seen.lords, ["lord"]);
  const amiss = /no longer|was silent|taking over| left /;
  const told = [...lord.lines.slice(lordLines), ...peer.lines.slice(peerLines)];
  assertEquals(told.filter((line) => amiss.test(line)), []);
  assert(silentMs < 2 * freqMs, `no announcement for ${silentMs} ms`);
  assert(after < before + mayGrow, `it has grown from ${before} to ${after} bytes`);
});

async function setUp() {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(3);
  const statsPorts = freePorts(2);
  const text = (index: number) =>
    [
      "[uwsgi]",
      `legion = test ${host}:${ports[index]} ${30 - index} ${cipher}:secret1`,
      ...ports.filter((_, i) => i !== index).map((port) => `legion-node = test ${host}:${port}`),
      "legion-quorum = test 2",
      `legion-freq = ${freqMs / 1000}`,
      `legion-tolerance = ${toleranceMs / 1000}`,
      `stats = ${host}:${statsPorts[index]}`,
      "",
    ].join("\n");
  const witness = made.use(await startWitness(ports[2], ports[0]));
  const lord = made.use(await startNode(folder, "lord", text(0)));
  const peer = made.use(await startNode(folder, "peer", text(1)));
  const flood = async () => {
    const script = new URL("flooder.ts", import.meta.url).pathname;
    const program = [Deno.execPath(), "run", "--quiet", "-P", script];
    // It takes a processor, which the other tests that run now are to have first.
    const args = ["-n", "10", ...program, `${ports[0]}`, `${rate}`, `${floodSeconds}`];
    await using flooder = new TestProcess({ name: "flooder", command: "nice", args });
    const at = await flooder.line(/^sent \d+$/);
    return Number(flooder.lines[at - 1].split(" ")[1]);
  };
  const all = made.move();
  const dispose = () => all.disposeAsync();
  return { lord, peer, witness, statsPorts, flood, [Symbol.asyncDispose]: dispose };
}

/**
 * The third node of the legion: it hears the lord's announcements, and sends it what a lord drops
 * only after having opened it, announcements of another legion.
 */
async function startWitness(port: number, lordPort: number) {
  const { open, seal } = await createCipher({ cipher, secret: "secret1", iv: "" });
  const heardMs: number[] = [];
  const transport = await openUdp({
    address: { host, port },
    casting: "unicast",
    received(datagram) {
      if (decodeAnnouncement(open(datagram)).name === "lord") heardMs.push(performance.now());
    },
    unsent: () => {},
  });
  const probe = seal(encodeAnnouncement(announcement({ legion: "another" })));
  const witness = {
    heardMs,
    probes: 0,
    async [Symbol.asyncDispose]() {
      clearInterval(probing);
      await transport.close();
    },
  };
  const probing = setInterval(() => {
    transport.send(probe, { host, port: lordPort });
    witness.probes++;
  }, 10);
  return witness;
}

function longestGap(timesMs: readonly number[]): number {
  return Math.max(...timesMs.slice(1).map((ms, index) => ms - timesMs[index]));
}

async function smallestWithin(ms: number, measure: () => Promise<number>): Promise<number> {
  let smallest = Infinity;
  for (const until = performance.now() + ms; performance.now() < until; await delay(500)) {
    smallest = Math.min(smallest, await measure());
  }
  return smallest;
}
