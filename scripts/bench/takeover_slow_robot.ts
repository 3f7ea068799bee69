import { errorMessage } from "../../lib/base/error_message.ts";
import { delay } from "@std/async/delay";
import { Watch } from "../../tests/e2e/faults/watch.ts";
import { exactly } from "./limits.ts";
import type { BenchOptions, Figure, Row } from "./section.ts";
import { keepalived, type Kind, statsPath, type Timing } from "./takeover_kinds.ts";
import { BenchLegion } from "./takeover_legion.ts";
import { settingOf, usual } from "./takeover_plans.ts";
import { setScene } from "./takeover_scene.ts";

/** The outcome of a takeover with a slow Robot. */
interface SlowTakeover {
  readonly posts: number;
  /** The most nodes that were lord at one time, by their status. */
  readonly lords: number;
}

/** How long the Robot takes for a switch, in milliseconds: far longer than the tolerance. */
const switchMs = 8_000;
const timing: Timing = usual;
/** How long to watch from the first request on: enough for a second switch and its consequences. */
const watchedMs = 3 * switchMs;

const setting = settingOf(timing);
const whats = {
  posts: `the API takes ${switchMs / 1000} s: POSTs`,
  lords: `the API takes ${switchMs / 1000} s: lords at one time`,
} as const;

/** Measures how often a slow Robot is asked, and how many nodes are lord meanwhile. */
export async function slowRows(kinds: readonly Kind[], options: BenchOptions): Promise<Row[]> {
  const { wants, runs, quick, progress, note, executable, signal } = options;
  const wanted = (["posts", "lords"] as const).filter((what) => wants(whats[what], setting));
  if (wanted.length === 0) return [];
  await executable.path();
  // keepalived is left out: only its log tells who is master.
  const measured = kinds.filter((kind) => kind !== keepalived)
    .map((kind) => ({ kind, takeovers: [] as SlowTakeover[] }));
  for (let run = 1; run <= (quick ? 1 : runs); run++) {
    progress(`run ${run} of ${quick ? 1 : runs}: a slow API`);
    await Promise.all(measured.map(async ({ kind, takeovers }) => {
      try {
        takeovers.push(await slowTakeover(kind, options));
      } catch (error) {
        signal.throwIfAborted();
        progress(errorMessage(error));
        note(`${kind.contender}, a slow API, run ${run}: it did not come to a takeover.`);
        takeovers.push({ posts: Infinity, lords: Infinity });
      }
    }));
  }
  return wanted.map((what) => ({
    what: whats[what],
    setting,
    figures: measured.map(({ kind: { contender }, takeovers }): Figure => ({
      contender,
      unit: "",
      samples: takeovers.map((takeover) => takeover[what]),
    })),
    limit: exactly(1),
  }));
}

/** Measures the first takeover of three nodes. */
async function slowTakeover(
  kind: Kind,
  { executable, signal }: BenchOptions,
): Promise<SlowTakeover> {
  await using scene = await setScene(executable, switchMs);
  await using legion = new BenchLegion(scene, kind, timing, signal);
  const sockets = scene.lan.addresses.map((_, server) => statsPath(scene, server));
  await using watch = new Watch(sockets);
  await legion.firstStart();
  await delay(watchedMs - switchMs, { signal });
  return {
    posts: scene.robot.asked.length,
    lords: Math.max(...watch.steps.map(({ lords }) => lords)),
  };
}
