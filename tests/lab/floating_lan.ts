import { failover } from "./failover.ts";
import { type Lan, makeLan } from "./lan.ts";
import { ip } from "./network.ts";
import { TestProcess } from "./process.ts";

/** The addresses that move on the {@link FloatingLan}, of both families. */
export const floating = ["10.77.0.100", "fd77::100"] as const;

/** A time at which a server got an address, or lost it. */
export interface Change {
  /** The server, by its index. */
  readonly server: number;
  /** The wall clock, in milliseconds, as the change was heard of. */
  readonly atMs: number;
  readonly ip: string;
  readonly isThere: boolean;
}

/** Three servers on a switch whose lord has two addresses, and a client there that pings both. */
export class FloatingLan implements AsyncDisposable {
  readonly lan: Lan;
  readonly folder: string;
  readonly #stack: AsyncDisposableStack;
  readonly #monitor: TestProcess;
  readonly #pings: TestProcess[] = [];

  private constructor(
    lan: Lan,
    folder: string,
    stack: AsyncDisposableStack,
    monitor: TestProcess,
  ) {
    this.lan = lan;
    this.folder = folder;
    this.#stack = stack;
    this.#monitor = monitor;
  }

  /**
   * Makes the servers; no node runs yet.
   *
   * @param toleranceSeconds the tolerance of all nodes
   * @param given a LAN of three servers, in the place of a new one, and further lines of each
   *   server's configuration
   */
  static async make(
    toleranceSeconds: number,
    given: { readonly lan?: Lan; readonly more?: (server: number) => string } = {},
  ): Promise<FloatingLan> {
    await using made = new AsyncDisposableStack();
    const lan = given.lan ?? made.use(await makeLan(3));
    const folder = await Deno.makeTempDir();
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const nameOf = (host: number | "switch") => lan.on(host)[3];
    await ip("-n", nameOf("switch"), "address", "add", "fd77::254/64", "dev", "bridge", "nodad");
    for (const server of [0, 1, 2]) {
      const own = `fd77::${server + 1}/64`;
      await ip("-n", nameOf(server), "address", "add", own, "dev", "wire", "nodad");
      const more = given.more?.(server) ?? "";
      const text = configuration(lan, server, toleranceSeconds) + more;
      await Deno.writeTextFile(`${folder}/${server}.ini`, text, { mode: 0o600 });
    }
    // One program hears of all servers: their changes have the kernel's own order.
    const args = ["-ts", "-n", nameOf("switch"), "-o", "monitor", "address", "all-nsid"];
    const monitor = made.use(new TestProcess({ name: "monitor", command: "ip", args }));
    return new FloatingLan(lan, folder, made.move(), monitor);
  }

  /** The text of a server's configuration. */
  configuration(server: number): Promise<string> {
    return Deno.readTextFile(`${this.folder}/${server}.ini`);
  }

  /** The environment of a server's node. */
  env(server: number): Record<string, string> {
    return {
      RUNTIME_DIRECTORY: `${this.folder}/run-${server}`,
      STATE_DIRECTORY: `${this.folder}/state-${server}`,
    };
  }

  /** Runs the program on a server, with its configuration. */
  start(server: number, args: readonly string[] = [], env: Record<string, string> = {}) {
    const name = `web${server + 1}`;
    const words = ["node", "--config", `${this.folder}/${server}.ini`, "--name", name, ...args];
    const options = { on: this.lan.on(server), env: { ...this.env(server), ...env } };
    return this.#stack.use(failover(name, words, options));
  }

  /** Asks a server's node for a restart; the result is the exit status. */
  async restart(server: number): Promise<number> {
    const args = ["restart", "--config", `${this.folder}/${server}.ini`];
    const options = { on: this.lan.on(server), env: this.env(server) };
    await using command = failover("restart", args, options);
    return await command.status();
  }

  /**
   * Starts three nodes, and waits until the first is lord, and the client has replies.
   *
   * @param env further variables of the first one's environment
   */
  async startAll(env: Record<string, string> = {}): Promise<TestProcess[]> {
    const nodes = [0, 1, 2].map((server) => this.start(server, [], server === 0 ? env : {}));
    await nodes[0].line(/this node is the lord/);
    await this.ping();
    return nodes;
  }

  /** Lets the client ping both addresses from now on, and waits for the first replies. */
  async ping(): Promise<void> {
    for (const address of floating) {
      const words = ["ping", "-D", "-n", "-O", "-W", "1", "-i", "0.05", address];
      const [command, ...args] = [...this.lan.on("switch"), ...words];
      const ping = this.#stack.use(new TestProcess({ name: `ping ${address}`, command, args }));
      this.#pings.push(ping);
      await ping.line(/bytes from/);
    }
  }

  /** The times of the replies from an address, by the wall clock, in milliseconds. */
  replies(address: string): number[] {
    const ping = this.#pings[floating.indexOf(address as typeof floating[number])];
    return ping.lines.flatMap((line) => {
      const [, at] = /^\[([0-9.]+)\] .* bytes from /.exec(line) ?? [];
      return at === undefined ? [] : [Number(at) * 1000];
    });
  }

  /** How many requests have had no reply, and a later one has, of both addresses together. */
  get lost(): number {
    const numbers = this.#pings.map(({ lines }) =>
      lines.flatMap((line) => {
        const [, number] = / bytes from .* icmp_seq=([0-9]+) /.exec(line) ?? [];
        return number === undefined ? [] : [Number(number)];
      })
    );
    return numbers.map((each) => each.at(-1)! - each[0] + 1 - each.length).reduce((a, b) => a + b);
  }

  /** The longest time between two replies of an address, the latter after this time, in milliseconds. */
  longestSilence(afterMs: number): number {
    return Math.max(...floating.flatMap((address) => {
      const times = this.replies(address);
      const gaps = times.map((atMs, index) => atMs > afterMs ? atMs - times[index - 1] : 0);
      return gaps.slice(1);
    }));
  }

  /** Waits for a reply from each address after this time, and gives the times of the first ones. */
  async firstReplies(afterMs: number, patienceMs = 20_000): Promise<number[]> {
    const found: number[] = [];
    for (const [index, address] of floating.entries()) {
      const later = () => this.replies(address).find((atMs) => atMs > afterMs);
      const begunMs = performance.now();
      while (later() === undefined) {
        const leftMs = patienceMs - (performance.now() - begunMs);
        const ping = this.#pings[index];
        await ping.line(/bytes from/, ping.lines.length, Math.max(1, leftMs));
      }
      found.push(later()!);
    }
    return found;
  }

  /** The changes of the two addresses on all servers, in their order. */
  get changes(): Change[] {
    return this.#monitor.lines.flatMap((line) => {
      const [, time, id, deleted] = /^\[(\S+)\] \[nsid (\d+)\](Deleted )?/.exec(line) ?? [];
      const ip = floating.find((ip) => line.includes(` ${ip}/`));
      if (ip === undefined || time === undefined) return [];
      const server = Number(id);
      return [{ server, atMs: Date.parse(time), ip, isThere: deleted === undefined }];
    });
  }

  /** Waits for an address to come to a server, or to go from it. */
  async changed(server: number, ip: string, isThere: boolean, patienceMs = 20_000): Promise<void> {
    const begunMs = performance.now();
    const last = () =>
      this.changes.findLast((change) => change.server === server && change.ip === ip);
    while ((last()?.isThere ?? false) !== isThere) {
      const leftMs = patienceMs - (performance.now() - begunMs);
      await this.#monitor.line(RegExp(ip), this.#monitor.lines.length, Math.max(1, leftMs));
    }
  }

  /** The times for which two servers had one address at once, in milliseconds. */
  get overlaps(): string[] {
    const holders = new Map(floating.map((ip) => [ip as string, new Set<number>()]));
    return this.changes.flatMap(({ server, ip, isThere, atMs }) => {
      const of = holders.get(ip)!;
      if (isThere) of.add(server);
      else of.delete(server);
      return of.size > 1 ? [`${ip} on ${[...of]} at ${atMs}`] : [];
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

function configuration(lan: Lan, server: number, toleranceSeconds: number): string {
  // The second server has a prefix of its own: each removes what it has added.
  const [bits, bits6] = server === 1 ? [25, 112] : [24, 64];
  return `[uwsgi]
legion = one ${lan.addresses[server]}:2000 ${30 - 10 * server} bf-cbc:secret1
${lan.addresses.map((address) => `legion-node = one ${address}:2000`).join("\n")}
legion-quorum = one 2
legion-freq = 1
legion-tolerance = ${toleranceSeconds}
legion-lease = one on
legion-release-time = one 1
legion-lord = one address:ip=10.77.0.100/${bits},dev=wire
legion-lord = one address:ip=fd77::100/${bits6},dev=wire
`;
}
