import { delay } from "@std/async/delay";
import { failover } from "../../lab/failover.ts";
import type { Lan } from "../../lab/lan.ts";
import { ip } from "../../lab/network.ts";
import type { TestProcess } from "../../lab/process.ts";
import { account, failoverAddress, RobotProcess } from "../../lab/robot_process.ts";
import { ServerMemory } from "../../lab/server_memory.ts";
import { supervised } from "../../lab/start_again.ts";
import { Watch } from "../faults/watch.ts";
import { addressOnLan, configuration } from "./configuration.ts";

/** The duration of a switch at the Robot, in milliseconds. */
const switchMs = 200;
/** How often a node is asked for its status, and the route is looked at, in milliseconds. */
const [sampleMs, routeMs] = [50, 10];

/** Three nodes with the configuration of the manual's chapter, and the Robot that they ask. */
export class Followers implements AsyncDisposable {
  readonly lan: Lan;
  readonly robot: RobotProcess;
  /** Who is lord, looked at again and again. */
  readonly watch: Watch;
  /** The address that moves. */
  readonly address: string;
  /** A folder that is removed at the end, which every user may enter. */
  readonly folder: string;
  readonly #memories: readonly ServerMemory[];
  readonly #running = new Map<number, TestProcess>();
  readonly #all: TestProcess[] = [];
  readonly #stack: AsyncDisposableStack;

  private constructor(
    own: Pick<Followers, "lan" | "robot" | "watch" | "address" | "folder">,
    memories: readonly ServerMemory[],
    stack: AsyncDisposableStack,
  ) {
    ({ lan: this.lan, robot: this.robot, watch: this.watch } = own);
    ({ address: this.address, folder: this.folder } = own);
    this.#memories = memories;
    this.#stack = stack;
  }

  /**
   * Writes the configurations, and starts the Robot; no node runs yet.
   *
   * @param onLan whether the address is one of the network itself, which the Robot does not know
   */
  static async of(lan: Lan, onLan = false): Promise<Followers> {
    await using made = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ prefix: "failover-following-" });
    made.defer(() => Deno.remove(folder, { recursive: true }));
    await Deno.chmod(folder, 0o755);
    const robot = made.use(await RobotProcess.start(lan, { switchMs }));
    made.use(routed(lan, robot));
    await Deno.writeTextFile(`${folder}/failover.secret`, "secret1\n", { mode: 0o600 });
    await Deno.writeTextFile(`${folder}/failover.password`, account.password, { mode: 0o600 });
    const servers = [...lan.addresses.keys()];
    for (const server of servers) {
      await ip("-n", lan.on(server)[3], "address", "add", `${failoverAddress}/32`, "dev", "lo");
      const text = await configuration(server, { lan, robotUrl: robot.url, onLan, folder });
      const more = `stats = ${folder}/${server}.sock\n`;
      await Deno.writeTextFile(`${folder}/${server}.ini`, text + more, { mode: 0o600 });
    }
    const memories = await Promise.all(servers.map((one) => ServerMemory.of(lan, one, folder)));
    const watch = made.use(new Watch(servers.map((one) => `${folder}/${one}.sock`), sampleMs));
    const address = onLan ? addressOnLan : failoverAddress;
    return new Followers({ lan, robot, watch, address, folder }, memories, made.move());
  }

  /** Starts a server's node, where it does not run. */
  start(server: number): void {
    if (this.#running.has(server)) return;
    const words = ["node", ...this.#config(server), "--name", nameOf(server)];
    const node = this.#stack.use(failover(nameOf(server), words, this.#options(server)));
    this.#running.set(server, node);
    this.#all.push(node);
  }

  /** The process of a server's node. */
  node(server: number): TestProcess {
    return this.#running.get(server)!;
  }

  /** Kills a server's node, of which nothing but its state outlasts the boot that follows. */
  async kill(server: number): Promise<void> {
    await this.#running.get(server)?.end("SIGKILL");
    this.#running.delete(server);
    await this.#memories[server].reboot();
  }

  /** Runs a subcommand on a server, with its configuration. */
  async ask(server: number, ...args: string[]): Promise<{ code: number; out: string }> {
    const words = [...args, ...this.#config(server)];
    await using command = failover(args[0], words, this.#options(server));
    const code = await command.status();
    return { code, out: command.lines.join("\n") };
  }

  /** Has a server's node read other lines than the manual's. */
  async rewrite(server: number, change: (text: string) => string): Promise<void> {
    const file = `${this.folder}/${server}.ini`;
    await Deno.writeTextFile(file, change(await Deno.readTextFile(file)));
    const node = this.node(server);
    const from = node.lines.length;
    node.signal("SIGHUP");
    await node.line(/read anew/, from);
  }

  /** The server that the address points to, by its index; undefined: none. */
  get has(): number | undefined {
    const index = this.lan.addresses.indexOf(this.robot.activeServerIp ?? "");
    return index < 0 ? undefined : index;
  }

  /** The lines that the nodes have logged. */
  get logs(): string[] {
    return this.#all.flatMap(({ name, lines }) => lines.map((line) => `${name}  ${line}`));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  #config(server: number): string[] {
    return ["--config", `${this.folder}/${server}.ini`];
  }

  #options(server: number) {
    const { on, env } = this.#memories[server];
    return { on, env: { ...supervised, ...env } };
  }
}

/** The name of a server, for Patroni and in the legion. */
export function nameOf(server: number): string {
  return `server-${server + 1}`;
}

/**
 * Waits for a condition.
 *
 * @throws Error when that takes longer, or the signal is aborted
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`${seconds} s were not enough: ${what}`);
    await delay(20, { signal });
  }
}

/** Routes the failover address on the switch to the server that the Robot has it point to. */
function routed(lan: Lan, robot: RobotProcess): AsyncDisposable {
  const closing = new AbortController();
  const run = async () => {
    let at: string | undefined;
    while (!closing.signal.aborted) {
      const to = robot.activeServerIp;
      if (to !== undefined && to !== at) {
        const route = ["route", "replace", `${failoverAddress}/32`, "via", to];
        await ip("-n", lan.on("switch")[3], ...route);
      }
      at = to;
      await delay(routeMs);
    }
  };
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await running;
    },
  };
}
