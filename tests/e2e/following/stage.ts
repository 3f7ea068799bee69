import type { Lan } from "../../lab/lan.ts";
import { preciseTimeMs } from "../../lab/precise_time.ts";
import { Cluster } from "./cluster.ts";
import { Followers, until } from "./followers.ts";
import { Sights } from "./sights.ts";

/** Three servers with etcd, PostgreSQL under Patroni, and a node that follows it. */
export interface Stage extends AsyncDisposable {
  readonly lan: Lan;
  readonly cluster: Cluster;
  readonly followers: Followers;
  readonly sights: Sights;
  /** Starts what does not run on a server. */
  start(server: number): Promise<void>;
  /** Kills every process of a server. */
  kill(server: number): Promise<void>;
  /** Waits for a condition. @throws Error when that takes longer */
  until(what: string, condition: () => boolean, seconds: number): Promise<void>;
}

/** The settings of a stage. */
export interface StageSettings {
  /** Whether the address is one of the network itself. */
  readonly onLan: boolean;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

/** Sets the stage. Nothing runs on the servers yet. */
export async function setStage(lan: Lan, { onLan, signal }: StageSettings): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const followers = made.use(await Followers.of(lan, onLan));
  const cluster = made.use(new Cluster(lan, followers.folder));
  const sights = made.use(new Sights(lan, followers.address));
  const stack = made.move();
  return {
    lan,
    cluster,
    followers,
    sights,
    async start(server) {
      followers.start(server);
      await cluster.start(server);
    },
    async kill(server) {
      await Promise.all([
        followers.kill(server),
        cluster.killPatroni(server),
        cluster.killEtcd(server),
      ]);
      for (const pid of await lan.processes(server)) kill(pid);
    },
    until: (what, condition, seconds) => until(what, condition, seconds, signal),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // The process ended meanwhile.
  }
}

/** The present time, as the client and the Robot tell theirs, in milliseconds. */
export const nowMs = preciseTimeMs;
