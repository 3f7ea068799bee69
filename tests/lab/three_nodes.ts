import type { LegionStats } from "../../lib/status/report.ts";
import { failover, startNode } from "./failover.ts";
import { freePorts } from "./free_ports.ts";
import { startRobot } from "./robot.ts";
import type { TestProcess } from "./process.ts";
import { legionsOf, untilStats } from "./stats.ts";
import { run } from "./run.ts";

const names = ["web1", "web2", "judge"];

/**
 * Two servers with a lord hook that routes an address, and an arbiter, on loopback.
 *
 * @param more gives further options of a node, by its index
 * @param login gives the password of a node, and maybe further keys of its action
 */
export async function setUp(
  more: (index: number, folder: string) => string = () => "",
  valors = [20, 10, 0],
  login: (index: number) => string = () => "BAR,preflight=0",
) {
  const stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const robot = stack.use(await startRobot());
  const ports = freePorts(3);
  const statsPorts = freePorts(3);
  const lordHook = (index: number) =>
    "legion-lord = failover hetzner-failoverip:username=FOO,ip=4.4.4.4," +
    `password=${login(index)},active_ip=${index + 1}.${index + 1}.${index + 1}.${index + 1},` +
    `url=${robot.failoverUrl("4.4.4.4")}`;
  const text = (index: number) =>
    [
      "[uwsgi]",
      `legion = failover 127.0.0.1:${ports[index]} ${valors[index]} bf-cbc:secret1`,
      ...ports.filter((_, i) => i !== index).map((p) => `legion-node = failover 127.0.0.1:${p}`),
      "legion-quorum = failover 2",
      "legion-freq = 0.1",
      "legion-tolerance = 1",
      "legion-death-on-lord-error = 300",
      `stats = 127.0.0.1:${statsPorts[index]}`,
      valors[index] === 0 ? "" : lordHook(index),
      more(index, folder),
      "",
    ].join("\n");
  const posts = () =>
    robot.requests.filter(({ method }) => method === "POST")
      .map(({ activeServerIp = "" }) => activeServerIp);
  const start = async (index: number) =>
    stack.use(await startNode(folder, names[index], text(index)));
  return {
    robot,
    posts,
    run: start,
    runAll: () => Promise.all(names.map((_, index) => start(index))),
    /** Runs a subcommand on the machine of a node, with the node's configuration. */
    ask: (index: number, ...args: string[]) => {
      const env = { RUNTIME_DIRECTORY: `${folder}/${names[index]}`, USER: "eve" };
      return run([...args, "--config", `${folder}/${names[index]}.ini`], { env });
    },
    /** Starts such a subcommand as a process. */
    begin: (index: number, ...args: string[]) => {
      const env = { RUNTIME_DIRECTORY: `${folder}/${names[index]}`, USER: "eve" };
      const file = `${folder}/${names[index]}.ini`;
      return failover(args[0], [...args, "--config", file], { env });
    },
    stats: async (index: number) => (await legionsOf(statsPorts[index]))[0],
    until: (index: number, what: string, condition: (legion: LegionStats) => boolean) =>
      untilStats([statsPorts[index]], what, ([legion]) => condition(legion)),
    use: <T extends AsyncDisposable>(resource: T): T => stack.use(resource),
    folder,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The line in the log of a lord. */
export const isLord = /this node is the lord/;

/**
 * Starts all three nodes, and waits until the first is lord. The second is started only then: where
 * the fail-back is not immediate, the node that is a little earlier stays lord.
 */
export async function running(legion: Awaited<ReturnType<typeof setUp>>): Promise<TestProcess[]> {
  const [a, judge] = await Promise.all([legion.run(0), legion.run(2)]);
  await a.line(isLord);
  const b = await legion.run(1);
  await b.line(/web1 is elected/);
  return [a, b, judge];
}
