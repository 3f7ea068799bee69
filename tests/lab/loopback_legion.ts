import type { LegionStats } from "../../lib/status/report.ts";
import { failover, startNode } from "./failover.ts";
import { freePorts } from "./free_ports.ts";
import type { TestProcess } from "./process.ts";
import { Supervisor } from "./supervisor.ts";
import { legionsOf, untilStats } from "./stats.ts";
import { startUwsgi } from "./uwsgi.ts";

/** The settings of a legion on loopback. */
export interface LoopbackLegionOptions {
  /** The valor of each node, and so the number of nodes. */
  readonly valors: readonly number[];
  /** The nodes that are uWSGI's, by their indexes; default: none. Times are whole seconds then. */
  readonly uwsgi?: readonly number[];
  readonly freqSeconds: number;
  readonly toleranceSeconds: number;
  /** Further lines of a node's configuration, by the node's index; default: none. */
  readonly more?: (index: number, folder: string) => readonly string[];
}

/** Nodes as processes on 127.0.0.1, in a legion `one` with quorum 2. */
export interface LoopbackLegion extends AsyncDisposable {
  /** The folder of the configurations. */
  readonly folder: string;
  /** Starts a node, by its index; its name is `a`, `b`, `c` … */
  run(index: number): Promise<TestProcess>;
  /** Starts a node with a supervisor, which starts it again whenever it ends. */
  supervise(index: number): Promise<Supervisor>;
  /** Starts all nodes. */
  runAll(): Promise<TestProcess[]>;
  /** Asks a node for its status. */
  stats(index: number): Promise<LegionStats>;
  /** Asks nodes for their status until a condition is true; see {@link untilStats}. */
  until(
    what: string,
    condition: (legions: LegionStats[]) => boolean,
    ...indexes: number[]
  ): Promise<LegionStats[]>;
  /** Runs a subcommand with the configuration of a node. */
  begin(index: number, ...args: string[]): TestProcess;
}

/** Makes a legion whose nodes do not run yet. Its end ends them. */
export async function loopbackLegion(options: LoopbackLegionOptions): Promise<LoopbackLegion> {
  const { valors, uwsgi = [], freqSeconds, toleranceSeconds, more = () => [] } = options;
  const stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(valors.length);
  const statsPorts = freePorts(valors.length);
  const nameOf = (index: number) => String.fromCharCode("a".charCodeAt(0) + index);
  const text = (index: number) =>
    [
      `legion = one 127.0.0.1:${ports[index]} ${valors[index]} aes-128-cbc:secret1`,
      ...ports.filter((_, other) => other !== index)
        .map((port) => `legion-node = one 127.0.0.1:${port}`),
      "legion-quorum = one 2",
      `legion-freq = ${freqSeconds}`,
      `legion-tolerance = ${toleranceSeconds}`,
      `stats = 127.0.0.1:${statsPorts[index]}`,
      ...more(index, folder),
      "",
    ].join("\n");
  const start = (index: number) =>
    uwsgi.includes(index)
      ? startUwsgi(folder, nameOf(index), text(index))
      : startNode(folder, nameOf(index), `[uwsgi]\n${text(index)}`);
  const run = async (index: number) => stack.use(await start(index));
  return {
    folder,
    run,
    runAll: () => Promise.all(valors.map((_, index) => run(index))),
    async supervise(index) {
      const file = `${folder}/${nameOf(index)}.ini`;
      await Deno.writeTextFile(file, `[uwsgi]\n${text(index)}`, { mode: 0o600 });
      const env = { RUNTIME_DIRECTORY: `${folder}/${nameOf(index)}`, INVOCATION_ID: "of a test" };
      const args = ["node", "--config", file, "--name", nameOf(index)];
      return stack.use(new Supervisor(() => failover(nameOf(index), args, { env })));
    },
    stats: async (index) => (await legionsOf(statsPorts[index]))[0],
    until: (what, condition, ...indexes) =>
      untilStats(indexes.map((index) => statsPorts[index]), what, condition),
    begin(index, ...args) {
      const env = { RUNTIME_DIRECTORY: `${folder}/${nameOf(index)}`, USER: "eve" };
      const all = [...args, "--config", `${folder}/${nameOf(index)}.ini`];
      return stack.use(failover(args[0], all, { env }));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
