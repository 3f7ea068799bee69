import { TestProcess } from "../../lab/process.ts";
import type { Lan } from "../../lab/lan.ts";

/** The argument of the client's process. */
export interface ClientArgument {
  /** The failover address. */
  readonly address: string;
  /** The servers' own addresses. */
  readonly servers: readonly string[];
}

/** A thing that the client saw; times are those of `preciseTimeMs`. */
export type Sight =
  /** A write through the failover address was accepted, by this server. */
  | {
    readonly kind: "wrote";
    readonly server: number;
    readonly beganMs: number;
    readonly atMs: number;
  }
  /** A server's Patroni began to say that it is the leader, or ceased to. */
  | { readonly kind: "leader" | "no leader"; readonly server: number; readonly atMs: number };

/** The client on the switch. */
export class Sights implements AsyncDisposable {
  readonly #process: TestProcess;

  /** Starts the client's process. */
  constructor(lan: Lan, address: string) {
    const script = new URL("client.ts", import.meta.url).pathname;
    const argument: ClientArgument = { address, servers: lan.addresses };
    const program = [Deno.execPath(), "run", "--quiet", "-P", script, JSON.stringify(argument)];
    const [command, ...args] = [...lan.on("switch"), ...program];
    this.#process = new TestProcess({ name: "client", command, args });
  }

  /** All that it saw from a time on. */
  since(atMs: number): Sight[] {
    const all = this.#process.lines.filter((line) => line.startsWith("{"))
      .map((line): Sight => JSON.parse(line));
    return all.filter((sight) => sight.atMs >= atMs);
  }

  /** The server whose Patroni says that it is the leader, by its index; undefined: none. */
  get leader(): number | undefined {
    const sights = this.since(-Infinity).filter(({ kind }) => kind !== "wrote");
    const last = new Map(sights.map(({ server, kind }) => [server, kind]));
    return [...last].find(([, kind]) => kind === "leader")?.[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}
