import { delay } from "@std/async/delay";
import { TestProcess } from "../../tests/lab/process.ts";
import { exactly } from "./limits.ts";
import type { BenchOptions, Figure, Row } from "./section.ts";
import type { Kind } from "./takeover_kinds.ts";
import { BenchLegion } from "./takeover_legion.ts";
import { plans, settingOf, shortest } from "./takeover_plans.ts";
import { setScene } from "./takeover_scene.ts";

const timing = shortest;
const setting = settingOf(timing);

/** Counts the changes of the lord in minutes without any fault, beside one busy core. */
export async function calmRows(kinds: readonly Kind[], options: BenchOptions): Promise<Row[]> {
  const { minutes, wants, progress, executable } = options;
  const what = `${minutes} minutes beside a busy core: changes of the lord`;
  if (minutes === 0 || !wants(what, setting)) return [];
  await executable.path();
  const figures: Figure[] = [];
  for (const kind of kinds) {
    if (!plans.some((plan) => plan.kind === kind && plan.timing === timing)) continue;
    progress(`${what}: ${kind.contender}`);
    const { contender } = kind;
    figures.push({ contender, unit: "", samples: [await changesOfLord(kind, options)] });
  }
  return [{ what, setting, figures, limit: exactly(0) }];
}

async function changesOfLord(
  kind: Kind,
  { minutes, executable, signal }: BenchOptions,
): Promise<number> {
  await using scene = await setScene(executable, 0);
  await using legion = new BenchLegion(scene, kind, timing, signal);
  await legion.firstStart();
  await delay(1_000, { signal });
  const before = legion.lordships;
  const args = ["-c", "while :; do :; done"];
  await using _busy = new TestProcess({ name: "busy", command: "/bin/sh", args });
  await delay(minutes * 60_000, { signal });
  return legion.lordships - before;
}
