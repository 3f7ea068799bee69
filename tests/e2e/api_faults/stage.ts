import { delay } from "@std/async/delay";
import { ApiProcess } from "../../lab/api_process.ts";
import { failover } from "../../lab/failover.ts";
import type { Lan } from "../../lab/lan.ts";
import type { TestProcess } from "../../lab/process.ts";
import { account } from "../../lab/robot_process.ts";
import { ServerMemory } from "../../lab/server_memory.ts";
import { supervised } from "../../lab/start_again.ts";
import { Watch } from "../faults/watch.ts";

/** The seconds between two announcements, and the tolerance: as `failover init` has them. */
const [freqSeconds, toleranceSeconds] = [1, 3];
/** The duration of a switch, in milliseconds. */
const switchMs = 1_000;
/** How often a node is asked for its status, in milliseconds. */
const sampleMs = 100;
const servers = [0, 1, 2];

/** Three nodes, of which the first is preferred, and the side of the API. */
export interface Stage extends AsyncDisposable {
  readonly lan: Lan;
  readonly api: ApiProcess;
  /** The servers whose nodes are lord now, by their indexes. */
  readonly lords: readonly number[];
  /** The server that an address points to, by its index; undefined: none. */
  has(ip: string): number | undefined;
  /** Ends a server's node without a word. */
  kill(server: number): Promise<void>;
  /** Starts a server's node again, as its supervisor does. */
  start(server: number): void;
  /** Waits for a condition; false when that takes longer. */
  until(condition: () => boolean, seconds: number): Promise<boolean>;
  /** All that the nodes have logged. */
  readonly logs: readonly string[];
}

/** The settings of a stage. */
export interface StageOptions {
  readonly lan: Lan;
  /** The addresses in the nodes' configuration. */
  readonly addresses: readonly string[];
  /** The addresses that are not on the account. */
  readonly cancelled: readonly string[];
  /** Variables in the environment of the nodes. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Starts the API's side and the nodes; the end of the stage ends them. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { lan, addresses, cancelled, env, signal } = options;
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "failover-api-faults-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const failovers = addresses.filter((ip) => !cancelled.includes(ip));
  const api = made.use(await ApiProcess.start(lan, { failovers, switchMs }));
  await Deno.writeTextFile(`${folder}/ca.pem`, api.certificate);
  await Deno.writeTextFile(`${folder}/resolv.conf`, `nameserver ${lan.switchAddress}\n`);
  const watch = made.use(
    new Watch(servers.map((server) => `${folder}/${server}.sock`), sampleMs),
  );
  const started = made.use(new AsyncDisposableStack());
  const memories = await Promise.all(servers.map((server) => ServerMemory.of(lan, server, folder)));
  const running = new Map<number, TestProcess>();
  const processes: TestProcess[] = [];

  const start = (server: number) => {
    const memory = memories[server];
    const named = ["sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"'];
    const on = [...memory.on, ...named, `${folder}/resolv.conf`];
    const name = `server-${server + 1}`;
    const args = ["node", "--config", `${folder}/${server}.ini`, "--name", name];
    const node = failover(name, args, { on, env: { ...supervised, ...memory.env, ...env } });
    running.set(server, started.use(node));
    processes.push(node);
  };
  for (const server of servers) {
    const text = configuration(server, { lan, api, addresses, folder });
    await Deno.writeTextFile(`${folder}/${server}.ini`, text, { mode: 0o600 });
    start(server);
  }
  const all = made.move();
  return {
    lan,
    api,
    get lords() {
      return watch.lords;
    },
    has(ip) {
      const index = lan.addresses.indexOf(api.pointsTo(ip) ?? "");
      return index < 0 ? undefined : index;
    },
    async kill(server) {
      await running.get(server)?.end("SIGKILL");
    },
    start,
    async until(condition, seconds) {
      const deadline = performance.now() + seconds * 1000;
      while (!condition()) {
        if (performance.now() > deadline) return false;
        await delay(50, { signal });
      }
      return true;
    },
    get logs() {
      return processes.flatMap(({ name, lines }) => lines.map((line) => `${name}  ${line}`));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function configuration(
  server: number,
  { lan, api, addresses, folder }: {
    readonly lan: Lan;
    readonly api: ApiProcess;
    readonly addresses: readonly string[];
    readonly folder: string;
  },
): string {
  const own = lan.addresses[server];
  const { username, password } = account;
  const login = `username=${username},password=${password},ca=${folder}/ca.pem`;
  return [
    "[uwsgi]",
    `legion = drill ${own}:2000 ${30 - server} aes-128-cbc:secret1`,
    ...servers.filter((other) => other !== server)
      .map((other) => `legion-node = drill ${lan.addresses[other]}:2000`),
    "legion-quorum = drill 2",
    `legion-freq = ${freqSeconds}`,
    `legion-tolerance = ${toleranceSeconds}`,
    "legion-lease = drill on",
    "legion-death-on-lord-error = 300",
    ...addresses.map((ip) =>
      `legion-lord = drill hetzner-failoverip:${login},ip=${ip},active_ip=${own},url=${
        api.urlOf(ip)
      }`
    ),
    `stats = ${folder}/${server}.sock`,
    "",
  ].join("\n");
}
