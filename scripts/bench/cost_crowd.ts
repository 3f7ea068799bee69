import { delay } from "@std/async/delay";
import { freePorts } from "../../tests/lab/free_ports.ts";
import { TestProcess } from "../../tests/lab/process.ts";
import { type CrowdArgument, crowdCipher, crowdLegion } from "./crowd_argument.ts";
import type { Executable } from "./executable.ts";
import { medianAtMost } from "./limits.ts";
import { processorSeconds } from "./process_usage.ts";
import type { BenchOptions, Row } from "./section.ts";

const what = "processor time of a lord at rest, of one core";
const freqSeconds = 1;
/** The sizes of the crowds, and the time over which members spread their echoes. */
const crowds = [
  ...[3, 10, 100, 1000].map((size) => ({ size, spreadMs: 100, how: "" })),
  { size: 1000, spreadMs: 900, how: ", one after the other" },
];
const windowSeconds = 10;
const explanation =
  "Members echo what the lord announces, as supporters do: all of them within 0.1 s, or one after " +
  "the other within 0.9 s, so that each wakes the lord anew, which costs more than what it says.";
/** The time a crowd has to settle after its start, when much is to be said. */
const settleSeconds = 15;

/** Measures the cost of hearing and telling all members, by the size of the legion. */
export async function crowdRows(options: BenchOptions): Promise<Row[]> {
  const { runs, quick, wants, progress, note, executable, signal } = options;
  if (crowds.some(({ size, how }) => wants(what, settingOf(size, how)))) note(explanation);
  const rows: Row[] = [];
  for (const { size, spreadMs, how } of crowds) {
    const setting = settingOf(size, how);
    if (!wants(what, setting)) continue;
    await using crowd = await gather(size, spreadMs, executable);
    progress(`${what}: ${setting}`);
    await delay(settleSeconds * 1000, { signal });
    const settled = crowd.lord.lines.length;
    const samples: number[] = [];
    for (let run = 1; run <= (quick ? 1 : runs); run++) {
      const [begunMs, before] = [performance.now(), await processorSeconds(crowd.lord.pid)];
      await delay(windowSeconds * 1000, { signal });
      const seconds = (performance.now() - begunMs) / 1000;
      samples.push(100 * (await processorSeconds(crowd.lord.pid) - before) / seconds);
    }
    const news = crowd.lord.lines.slice(settled);
    if (news.length > 0) note(`With ${size} members there was no rest: ${news[0]}`);
    rows.push({
      what,
      setting,
      figures: [{ contender: "failover", unit: "%", samples }],
      ...size === 1000 && how === "" ? { limit: medianAtMost(10, "%") } : {},
    });
  }
  return rows;
}

function settingOf(size: number, how: string): string {
  return `${size} members, freq ${freqSeconds}${how}`;
}

/** Starts a lord and a crowd of so many members. */
async function gather(
  size: number,
  spreadMs: number,
  executable: Executable,
): Promise<AsyncDisposable & { readonly lord: TestProcess }> {
  const path = await executable.path();
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "failover-bench-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const [own, port] = freePorts(2);
  const hosts = Array.from({ length: size }, (_, n) => `127.1.${n >> 8}.${n & 0xff}`)
    .map((host) => host.replace(/\.0\.0$/, ".255.1"));
  const { cipher, secret } = crowdCipher;
  const text = [
    "[uwsgi]",
    `legion = ${crowdLegion} 127.0.0.1:${own} 1000 ${cipher}:${secret}`,
    ...hosts.map((host) => `legion-node = ${crowdLegion} ${host}:${port}`),
    `legion-quorum = ${crowdLegion} ${Math.floor((size + 1) / 2) + 1}`,
    `legion-freq = ${freqSeconds}`,
    `legion-tolerance = ${5 * freqSeconds}`,
    `stats = ${folder}/stats.sock\n`,
  ].join("\n");
  const file = `${folder}/lord.ini`;
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  const env = { ...executable.env, RUNTIME_DIRECTORY: `${folder}/run` };
  const args = ["node", "--config", file, "--name", "lord"];
  const lord = made.use(new TestProcess({ name: "lord", command: path, args, env }));
  const address = { host: "127.0.0.1", port: own };
  const argument: CrowdArgument = { lord: address, hosts, port, spreadMs };
  const script = new URL("crowd.ts", import.meta.url).pathname;
  made.use(
    new TestProcess({
      name: "crowd",
      command: Deno.execPath(),
      args: ["run", "--quiet", "-P", script, JSON.stringify(argument)],
    }),
  );
  await lord.line(/this node is the lord/);
  const all = made.move();
  return { lord, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
