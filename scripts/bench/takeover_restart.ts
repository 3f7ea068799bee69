import { delay } from "@std/async/delay";
import { errorMessage } from "../../lib/base/error_message.ts";
import { secondsWith } from "../../tests/e2e/faults/lords_over_time.ts";
import { Watch } from "../../tests/e2e/faults/watch.ts";
import type { Ending } from "../../tests/lab/start_again.ts";
import { preciseTimeMs } from "../../tests/lab/precise_time.ts";
import { exactly, medianAtMost } from "./limits.ts";
import type { BenchOptions, Figure, Limit, Row, Unit } from "./section.ts";
import { failover, type Kind, statsPath } from "./takeover_kinds.ts";
import { BenchLegion } from "./takeover_legion.ts";
import { settingOf, usual } from "./takeover_plans.ts";
import { type Scene, setScene } from "./takeover_scene.ts";

/** Processes that end one after the other, each started again by its supervisor. */
interface Restart {
  /** The text in the table. */
  readonly what: string;
  /** How they end. */
  readonly ending: Ending;
  /** Whose they are, in turn, by the servers' indexes; the first is the lord. */
  readonly nodes: readonly number[];
}

/** The outcome of a restart. */
interface Outcome {
  readonly restart: Restart;
  /** The time in which no node had heard of a lord, in seconds. */
  readonly lordless: number;
  /** How often the API was asked for the address. */
  readonly posts: number;
  /** The time from the first end until the first node was lord again, in seconds. */
  readonly lordAgain: number;
}

/** A figure of the outcome, as a row has it. */
interface Told {
  readonly of: Exclude<keyof Outcome, "restart">;
  readonly what: string;
  readonly unit: Unit;
}

const restarts: readonly Restart[] = [
  { what: "SIGKILL of the lord, started again", ending: "kill", nodes: [0] },
  { what: "failover restart of the lord", ending: "restart", nodes: [0] },
  { what: "failover restart of each in turn", ending: "restart", nodes: [0, 1, 2] },
];

const figures: readonly Told[] = [
  { of: "lordless", what: "without a lord", unit: "s" },
  { of: "posts", what: "POSTs", unit: "" },
  { of: "lordAgain", what: "lord again", unit: "s" },
];

const timing = usual;
const setting = settingOf(timing);

const explanation =
  "Restarts: the supervisor starts the next process 100 ms after the end of the last; uwsgi and " +
  "keepalived have no restart, and are stopped by SIGTERM for it. Without a lord: the time in " +
  "which no node had heard of one, by its status, looked at every 25 ms (ours alone tell it). " +
  "Lord again: from the end of the first process until the next says in its log that it is lord.";

/** Measures the restarts of processes, of a lord and of others. */
export async function restartRows(kinds: readonly Kind[], options: BenchOptions): Promise<Row[]> {
  const { wants, runs, progress, note, executable } = options;
  const rows = restarts.flatMap((restart) =>
    toldOf(restart).map((told) => ({ restart, told, what: `${restart.what}: ${told.what}` }))
  ).filter(({ what }) => wants(what, setting));
  if (rows.length === 0) return [];
  const wanted = [...new Set(rows.map(({ restart }) => restart))];
  note(explanation);
  await executable.path();
  const measured = kinds.map((kind) => ({ kind, outcomes: [] as Outcome[] }));
  for (let run = 1; run <= runs; run++) {
    progress(`run ${run} of ${runs}: restarts`);
    // One after the other: servers have their processors to themselves when a process starts.
    for (const { kind, outcomes } of measured) {
      outcomes.push(...await outcomesOf(kind, wanted, options));
    }
  }
  return rows.map(({ restart, told: { of, unit }, what }): Row => ({
    what,
    setting,
    figures: measured.filter(({ kind }) => of !== "lordless" || kind === failover)
      .map(({ kind: { contender }, outcomes }): Figure => ({
        contender,
        unit,
        samples: outcomes.filter((outcome) => outcome.restart === restart)
          .map((outcome) => outcome[of]),
      }))
      .filter(({ samples }) => samples.length > 0),
    limit: of === "lordAgain" ? lordAgainLimit(restart) : exactly(0),
  }));
}

/** The limit for a process that nobody asked to end; `failover restart` begins with a command. */
function lordAgainLimit({ ending }: Restart): Limit | undefined {
  return ending === "kill" ? medianAtMost(0.6, "s") : undefined;
}

// Answers take the time of nodes, of which the processors here have little.
const sampleMs = 25;

/** The figures that a restart has: of several nodes only the lord could be lord again. */
function toldOf({ nodes }: Restart): Told[] {
  return figures.filter(({ of }) => of !== "lordAgain" || nodes.length === 1);
}

/** Takes one legion through restarts, one after the other; ends early where one is not lord again. */
async function outcomesOf(
  kind: Kind,
  wanted: readonly Restart[],
  { executable, signal, progress, note }: BenchOptions,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await using scene = await setScene(executable, 0);
  await using legion = new BenchLegion(scene, kind, timing, signal);
  const sockets = scene.lan.addresses.map((_, server) => statsPath(scene, server));
  await using watch = new Watch(sockets, sampleMs);
  await legion.firstStart();
  for (const restart of wanted) {
    try {
      outcomes.push(await outcomeOf(restart, scene, legion, watch, signal));
    } catch (error) {
      signal.throwIfAborted();
      progress(`${errorMessage(error)}\n${legion.log}`);
      note(`${kind.contender}: ${restart.what}: it was not lord again.`);
      outcomes.push({ restart, lordless: Infinity, posts: Infinity, lordAgain: Infinity });
      break;
    }
  }
  return outcomes;
}

async function outcomeOf(
  restart: Restart,
  scene: Scene,
  legion: BenchLegion,
  watch: Watch,
  signal: AbortSignal,
): Promise<Outcome> {
  const { asked } = scene.robot;
  let lordAgain = NaN;
  let begunMs = Infinity;
  for (const [index, server] of restart.nodes.entries()) {
    const endedMs = await legion.startAgain(server, restart.ending);
    begunMs = Math.min(begunMs, endedMs);
    if (index > 0) continue;
    await legion.bestIsLord();
    lordAgain = (preciseTimeMs() - endedMs) / 1000;
  }
  // A takeover that the restart has led to would come within that time.
  await delay(timing.toleranceSeconds * 1000, { signal });
  const span = { fromMs: begunMs, toMs: Date.now() };
  return {
    restart,
    lordless: secondsWith(watch.namedSteps, span, (lords) => lords === 0),
    posts: scene.robot.asked.length - asked.length,
    lordAgain,
  };
}
