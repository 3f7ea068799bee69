import { delay } from "@std/async/delay";
import { errorMessage } from "../../../lib/base/error_message.ts";
import { secondsWith } from "../faults/lords_over_time.ts";
import type { Scenario } from "./scenarios.ts";
import type { Sight } from "./sights.ts";
import { nowMs, type Stage } from "./stage.ts";

/** The outcome of a scenario; times in seconds. */
export interface Outcome {
  readonly name: string;
  /** From the fault until a Patroni says that it is the leader; null: none did anew. */
  readonly leaderAfter: number | null;
  /** From then until a node asks the Robot for the address. */
  readonly askedAfter: number | null;
  /** From then until a write through the address is accepted by that server. */
  readonly wroteAfter: number | null;
  /** The longest time without an accepted write. */
  readonly unwritten: number;
  /** The time in which more than one node was lord. */
  readonly twoLords: number;
  /** The findings that are not as they have to be; empty: all is well. */
  readonly wrong: readonly string[];
}

/** The longest wait for the outcome of a fault, and for all to be well again, in seconds. */
const [patience, calm] = [60, 90];
/** How long a fault that moves nothing has time to show, in milliseconds. */
const sameMs = 5_000;
/** How long nobody has to be lord where that is expected, in milliseconds. */
const lordlessMs = 10_000;

/** Holds one scenario, on a stage where all is well; all is well again then. */
export async function drill({ name, lord, fault, heal }: Scenario, stage: Stage): Promise<Outcome> {
  const leader = await untilWell(stage);
  const servers = { leader, next: (leader + 1) % 3, third: (leader + 2) % 3 };
  const fromMs = nowMs();
  const wrong: string[] = [];
  const { sights, followers, until } = stage;
  const { watch } = followers;
  await fault(stage, servers);
  try {
    if (lord === "nobody") {
      await until("no lord", () => watch.lords.length === 0, patience);
      await delay(lordlessMs);
      if (watch.lords.length > 0) wrong.push("somebody is lord");
    } else {
      if (lord === "the same") await delay(sameMs);
      await until(`${lord} to be lord, and written to`, () => {
        const is = sights.leader;
        const isMeant = is !== undefined && (is === leader) === (lord === "the same");
        return isMeant && watch.lords.join() === `${is}` && wroteAfter(sights.since(fromMs), is);
      }, patience);
    }
  } catch (error) {
    wrong.push(errorMessage(error));
  }
  const { out } = await followers.ask(servers.next, "status");
  console.error(out.replaceAll(/^/gm, "    "));
  if (lord !== "nobody") {
    const outcome = measured(stage, { name, fromMs, leader });
    await heal?.(stage, servers);
    await untilWell(stage);
    return { ...outcome, wrong: [...wrong, ...outcome.wrong] };
  }
  await heal?.(stage, servers);
  await untilWell(stage);
  const outcome = measured(stage, { name, fromMs, leader });
  return { ...outcome, wrong: [...wrong, ...outcome.wrong] };
}

/** Whether a write was accepted by a server, after it was the last to become leader. */
function wroteAfter(sights: readonly Sight[], server: number): boolean {
  const from = sights.findLastIndex(({ kind }) => kind === "leader" || kind === "no leader");
  return sights.slice(from + 1).some((sight) => sight.kind === "wrote" && sight.server === server);
}

/** Waits for the cluster's first leader, and makes the table that the client writes to. */
export async function untilLeader({ sights, cluster, until }: Stage): Promise<void> {
  await until("a leader", () => sights.leader !== undefined, calm);
  const table = "create table rows (at timestamptz default clock_timestamp())";
  for (let tries = 0;; tries++) {
    try {
      await cluster.sql(sights.leader!, table);
      return;
    } catch (error) {
      // Patroni says that it is the leader before PostgreSQL takes writes.
      if (tries > calm) throw error;
      await delay(1_000);
    }
  }
}

/**
 * Waits until Patroni has a leader, which is lord and written to, and two others follow it; the
 * result is the leader.
 */
export async function untilWell({ sights, followers, cluster, until }: Stage): Promise<number> {
  const deadline = performance.now() + calm * 1000;
  for (;;) {
    const fromMs = nowMs();
    await until("the leader to be lord", () => {
      const { leader } = sights;
      return leader !== undefined && followers.watch.lords.join() === `${leader}`;
    }, calm);
    const leader = sights.leader!;
    try {
      const streaming = "select count(*) from pg_stat_replication where state = 'streaming'";
      const followers = await cluster.sql(leader, streaming);
      await delay(1_000);
      const since = sights.since(fromMs);
      const isCalm = since.every(({ kind, server }) => kind === "wrote" && server === leader);
      if (followers === "2" && isCalm && since.length > 0) return leader;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    if (performance.now() > deadline) throw new Error(`all was not well within ${calm} s`);
  }
}

function measured(
  { sights, lan, followers: { robot, watch } }: Stage,
  { name, fromMs, leader }: {
    readonly name: string;
    readonly fromMs: number;
    readonly leader: number;
  },
): Outcome {
  const toMs = nowMs();
  const since = sights.since(fromMs);
  const led = since.findLast(({ kind }) => kind === "leader");
  const server = led?.server ?? leader;
  const asked = robot.asked.find(({ to, atMs }) =>
    atMs > (led?.atMs ?? toMs) - 1_000 && to === lan.addresses[server]
  );
  const writes = since.flatMap((sight) => sight.kind === "wrote" ? [sight] : []);
  const wrote = writes.find((sight) => sight.server === server && sight.atMs > (led?.atMs ?? 0));
  const times = [fromMs, ...writes.map(({ atMs }) => atMs).sort((a, b) => a - b), toMs];
  const gaps = times.slice(1).map((atMs, index) => atMs - times[index]);
  // An attempt that began at the one may end after a later one at the other.
  const firstMs = writes.find((sight) => sight.server !== leader)?.atMs ?? Infinity;
  const late = writes.filter((sight) => sight.server === leader && sight.beganMs > firstMs);
  const twoLords = secondsWith(watch.steps, { fromMs, toMs }, (lords) => lords > 1);
  const seconds = (atMs: number | undefined, sinceMs = fromMs) =>
    atMs === undefined ? null : (atMs - sinceMs) / 1000;
  return {
    name,
    leaderAfter: seconds(led?.atMs),
    askedAfter: seconds(asked?.atMs, led?.atMs),
    wroteAfter: seconds(led && wrote?.atMs, led?.atMs),
    unwritten: Math.max(...gaps) / 1000,
    twoLords,
    wrong: [
      ...twoLords > 0 ? [`two lords for ${twoLords} s`] : [],
      ...late.length > 0 && server !== leader ? ["the old leader was written to again"] : [],
    ],
  };
}
