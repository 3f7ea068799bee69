// The transcripts in README and manual show what the program prints now.
import { assertEquals } from "@std/assert";
import { startSimulator } from "../../lib/robot/simulator.ts";
import { failover, startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { run } from "../lab/run.ts";

const numbers = [1, 2, 3];

/** The address that the documents give to a server. */
function ownAddress(number: number): string {
  return Array(4).fill(number).join(".");
}

/** The block of a document, without marks around it, that has a line with these words. */
async function transcript(path: string, words: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  const blocks = [...text.matchAll(/^ *```\w*\n(.*?)^ *```$/gms)].map(([, block]) => block);
  const block = blocks.find((block) => block.includes(words));
  if (block === undefined) throw new Error(`${path} has no transcript with "${words}"`);
  return block.trimEnd().split("\n");
}

/** A line with its parts that differ from run to run, or by the machine, made alike. */
function masked(line: string): string {
  return line.trim()
    .replace(/^\d{4}-\S+Z info {2}|^\d\d:\d\d:\d\d /, "TIME ")
    .replaceAll(/\/\S*\/(?=\d[\d.]*:\d+\.status)/g, "FOLDER/")
    .replaceAll(/\/\S+\.ini:\d+/g, "FILE:LINE")
    .replaceAll(/uuid [\da-f…-]+/g, "uuid UUID")
    .replaceAll(/\b(?:127\.0\.0\.)?(\d)(?:\.\1){0,3}:\d{4,}/g, "$1:PORT")
    .replaceAll(/http:\/\/\S+/g, "URL")
    .replaceAll(/process \d+/g, "process PID")
    .replaceAll(/version \S+,/g, "version VERSION,")
    .replaceAll(/\b\d+(?:\.\d+)? (?:s|ms|min)\b/g, "TIME")
    .replaceAll(/votes [23]\b/g, "votes VOTES")
    .replaceAll(/ +/g, " ");
}

/**
 * The lines of a demo that are not in the fresh one, in their order. Each speaker has an order of
 * its own: what two tell at one time comes either way round. On a busy machine a fresh demo has
 * further lines, of silences.
 */
function staleLines(shown: readonly string[], fresh: readonly string[]): string[] {
  const speakerOf = (line: string) => line.split(" ")[1];
  const coming = Object.groupBy(fresh.map(masked), speakerOf);
  return shown.map(masked).filter((line) => {
    const lines = coming[speakerOf(line)] ?? [];
    const index = lines.indexOf(line);
    lines.splice(0, index + 1);
    return index < 0;
  });
}

Deno.test("staleLines: a line that is printed no more, or in another order, is stale", () => {
  const fresh = ["1.7 s  a  up", "1.8 s  b  up", "1.9 s  a  lord", "2.0 s  a  down"];
  assertEquals(staleLines(["0.1 s  b  up", "0.1 s  a  up", "0.2 s  a  down"], fresh), []);
  assertEquals(staleLines(["0.1 s  a  king"], fresh), ["TIME a king"]);
  assertEquals(staleLines(["0.1 s  a  lord", "0.2 s  a  up"], fresh), ["TIME a up"]);
});

Deno.test("the README's demo is what failover demo prints", async () => {
  await using demo = failover("demo", ["demo"]);
  assertEquals(await demo.status(), 0, demo.lines.join("\n"));
  const shown = await transcript("README.md", "kill -9: server-1 is gone");
  assertEquals(staleLines(shown, demo.lines), [], demo.lines.join("\n"));
});

Deno.test("the log and the status of three servers are what the nodes print", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const robot = await startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: numbers.map((number) => ({ number, ip: ownAddress(number) })),
    failovers: [{ ip: "4.4.4.4", activeServerIp: null }],
  });
  stack.defer(() => robot.close());
  const [port] = freePorts(1);
  const nodes = await Promise.all(numbers.map(async (number) => {
    const others = numbers.filter((other) => other !== number);
    const text = [
      "[uwsgi]",
      `legion = failover 127.0.0.${number}:${port} ${10_000 - number} bf-cbc:secret1`,
      ...others.map((other) => `legion-node = failover 127.0.0.${other}:${port}`),
      "legion-quorum = failover 2",
      "legion-freq = 1",
      "legion-tolerance = 3",
      "legion-lord = failover hetzner-failoverip:username=FOO,password=BAR,ip=4.4.4.4," +
      `active_ip=${ownAddress(number)},url=${robot.failoverUrl("4.4.4.4")}`,
      "",
    ].join("\n");
    return stack.use(await startNode(folder, `server-${number}`, text));
  }));
  await Promise.all(
    [/this node is the lord/, /guarantee: lease/].map((line) => nodes[0].line(line)),
  );
  const fresh = new Set(nodes[0].lines.map(masked));
  const log = await transcript("lib/manual/start.md", "started as valor 9999");
  assertEquals(log.map(masked).filter((line) => !fresh.has(line)), [], nodes[0].lines.join("\n"));

  const env = { RUNTIME_DIRECTORY: `${folder}/server-2` };
  await using status = failover("status", ["status", "--watch"], { env });
  const paths = ["README.md", "lib/manual/monitoring.md"];
  const blocks = await Promise.all(paths.map((path) => transcript(path, "node server-2, process")));
  const shown = new Set(blocks.flat().map(masked));
  // The first look may come while all is not yet well.
  for (let looks = 0, from = 0; shown.size > 0 && looks < 10; looks++) {
    from = await status.line(/seen .* by server-1/, from);
    for (const line of status.lines) shown.delete(masked(line));
  }
  assertEquals([...shown], [], status.lines.join("\n"));
});

Deno.test("the answer of --check-config is that for what failover init writes", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.writeTextFile(`${folder}/failover.password`, "BAR\n", { mode: 0o600 });
  const place = ["--config", `${folder}/failover.ini`];
  const lines = await transcript("README.md", "failover init --addresses");
  const init = lines.find((line) => line.startsWith("failover init"))!.split(" ").slice(1);
  // By its address init would know which server it is, and nothing would be warned of.
  assertEquals((await run([...init, "--me", "1.1.1.1", ...place])).code, 0);
  const { code, out, err } = await run(["node", "--check-config", ...place]);
  assertEquals([code, err], [0, ""]);
  const shown = await transcript("lib/manual/start.md", "failover.ini, section [uwsgi]");
  const text = shown.map((line) => line.replace(/^ {3}/, "")).join("\n");
  const ours = out.replaceAll(folder, "/etc").replaceAll(
    /^warning: .* on no interface here.*\n/gm,
    "",
  );
  assertEquals(ours.trimEnd(), text);
});
