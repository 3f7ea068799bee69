import { delay } from "@std/async/delay";
import type { Lan } from "../../lab/lan.ts";
import { procFile } from "../../lab/proc.ts";
import { TestProcess } from "../../lab/process.ts";
import { runCommand } from "../../lab/run_command.ts";

/** The folder of PostgreSQL's own programs in Debian. */
const binaries = "/usr/lib/postgresql/15/bin";
/** The longest wait for Patroni to stop PostgreSQL, in milliseconds. */
const stopMs = 20_000;
/** Patroni's times, in seconds: the least that it allows is 20 for `ttl`; by default 30, 10, 10. */
export const patroniSeconds = { ttl: 20, loop_wait: 5, retry_timeout: 5 };

/** Three servers with etcd, and with PostgreSQL under Patroni. */
export class Cluster implements AsyncDisposable {
  readonly #lan: Lan;
  readonly #folder: string;
  readonly #etcds = new Map<number, TestProcess>();
  readonly #patronis = new Map<number, TestProcess>();

  /**
   * Starts nothing yet.
   *
   * @param folder a folder that every user may enter
   */
  constructor(lan: Lan, folder: string) {
    this.#lan = lan;
    this.#folder = folder;
  }

  /** Starts what does not run of a server's etcd and Patroni. */
  async start(server: number): Promise<void> {
    this.startEtcd(server);
    await this.startPatroni(server);
  }

  /** Starts a server's etcd, where it does not run. */
  startEtcd(server: number): void {
    if (this.#etcds.has(server)) return;
    const host = this.#lan.addresses[server];
    const args = [
      ...["--name", `etcd${server}`, "--data-dir", `${this.#folder}/${server}/etcd`],
      ...["--listen-client-urls", `http://${host}:2379`],
      ...["--advertise-client-urls", `http://${host}:2379`],
      ...["--listen-peer-urls", `http://${host}:2380`],
      ...["--initial-advertise-peer-urls", `http://${host}:2380`],
      "--initial-cluster",
      this.#lan.addresses.map((ip, index) => `etcd${index}=http://${ip}:2380`).join(),
    ];
    this.#run(this.#etcds, server, "etcd", ["etcd", ...args]);
  }

  /** Starts a server's Patroni, where it does not run. */
  async startPatroni(server: number): Promise<void> {
    if (this.#patronis.has(server)) return;
    const folder = `${this.#folder}/${server}/postgres`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(this.#fileOf(server), this.#settings(server));
    await runCommand(["chown", "-R", "postgres:", folder]);
    const asPostgres = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"];
    const program = [...asPostgres, "/usr/bin/patroni", this.#fileOf(server)];
    // PostgreSQL outlasts Patroni, and would hold a pipe open.
    const logged = ["sh", "-c", 'exec "$@" >> "$0" 2>&1', this.#logOf(server)];
    this.#run(this.#patronis, server, "patroni", [...logged, ...program]);
  }

  /** Runs `patronictl` on a server, for the cluster. */
  control(server: number, command: string, ...args: string[]): Promise<string> {
    const program = ["/usr/bin/patronictl", "-c", this.#fileOf(server), command, "pg", ...args];
    return runCommand([...this.#lan.on(server), ...program]);
  }

  /** Runs a statement at a server's own address; the result is its output. */
  sql(server: number, statement: string): Promise<string> {
    const login = `host=${this.#lan.addresses[server]} user=postgres dbname=postgres`;
    const program = ["timeout", "3", "psql", "-qAtX", login, "-c", statement];
    return runCommand([...this.#lan.on("switch"), ...program]);
  }

  /** Kills a server's Patroni. */
  async killPatroni(server: number): Promise<void> {
    await this.#kill(this.#patronis, server);
  }

  /** Kills a server's etcd. */
  async killEtcd(server: number): Promise<void> {
    await this.#kill(this.#etcds, server);
  }

  /** Kills PostgreSQL's first process; the others end by themselves. */
  async killPostgres(server: number): Promise<void> {
    const pid = await this.#postmaster(server);
    if (pid !== undefined) Deno.kill(pid, "SIGKILL");
  }

  /** All that Patroni and PostgreSQL have logged on a server. */
  async log(server: number): Promise<string> {
    return await Deno.readTextFile(this.#logOf(server)).catch(() => "");
  }

  /** Ends all, PostgreSQL in an orderly way where its Patroni runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#patronis.values()].map(async (patroni) => {
      const ended = patroni.status();
      await runCommand(["kill", `${patroni.pid}`]).catch(() => {});
      await Promise.race([ended, delay(stopMs)]);
    }));
    for (const server of this.#lan.addresses.keys()) await this.killPostgres(server);
    for (const one of [...this.#patronis.values(), ...this.#etcds.values()]) {
      await one[Symbol.asyncDispose]();
    }
  }

  #run(
    of: Map<number, TestProcess>,
    server: number,
    what: string,
    program: readonly string[],
  ): void {
    const [command, ...args] = [...this.#lan.on(server), ...program];
    of.set(server, new TestProcess({ name: `${what}-${server + 1}`, command, args }));
  }

  async #kill(of: Map<number, TestProcess>, server: number): Promise<void> {
    const process = of.get(server);
    if (process === undefined) return;
    of.delete(server);
    await process.end("SIGKILL");
  }

  async #postmaster(server: number): Promise<number | undefined> {
    const file = `${this.#folder}/${server}/postgres/data/postmaster.pid`;
    const text = await Deno.readTextFile(file).catch(() => "");
    const pid = Number(text.split("\n")[0]);
    const isThere = pid > 0 && (await procFile(`${pid}/cmdline`))?.includes("postgres");
    return isThere ? pid : undefined;
  }

  #fileOf(server: number): string {
    return `${this.#folder}/${server}/postgres/patroni.yml`;
  }

  #logOf(server: number): string {
    return `${this.#folder}/${server}.log`;
  }

  #settings(server: number): string {
    const host = this.#lan.addresses[server];
    const folder = `${this.#folder}/${server}/postgres`;
    return JSON.stringify({
      scope: "pg",
      name: `server-${server + 1}`,
      restapi: { listen: `${host}:8008`, connect_address: `${host}:8008` },
      etcd3: { hosts: this.#lan.addresses.map((ip) => `${ip}:2379`) },
      bootstrap: {
        dcs: { ...patroniSeconds, postgresql: { use_pg_rewind: true } },
        initdb: [{ encoding: "UTF8" }, "data-checksums"],
      },
      postgresql: {
        listen: `0.0.0.0:5432`,
        connect_address: `${host}:5432`,
        data_dir: `${folder}/data`,
        bin_dir: binaries,
        pgpass: `${folder}/pgpass`,
        authentication: {
          superuser: { username: "postgres" },
          replication: { username: "postgres" },
        },
        pg_hba: [
          "local all all trust",
          "host all all 0.0.0.0/0 trust",
          "host replication all 0.0.0.0/0 trust",
        ],
        parameters: {
          unix_socket_directories: folder,
          // A server that is killed leaves no memory behind.
          dynamic_shared_memory_type: "mmap",
          shared_buffers: "16MB",
        },
      },
    });
  }
}
