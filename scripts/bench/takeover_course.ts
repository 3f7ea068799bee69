import { BenchLegion } from "./takeover_legion.ts";
import type { Fault, Plan } from "./takeover_plans.ts";
import type { Scene } from "./takeover_scene.ts";

/** Seconds from a fault to the next lord's request; Infinity: it did not come. */
export interface Sample {
  readonly fault: Fault;
  readonly seconds: number;
}

/** How to go through it. */
export interface CourseOptions {
  readonly scene: Scene;
  readonly plan: Plan;
  readonly wants: (fault: Fault) => boolean;
  readonly signal: AbortSignal;
  /** Told why it ended early. */
  readonly broken: (fault: Fault, why: string) => void;
}

/** Takes one legion through all faults that are wanted, one after the other. */
export async function course(options: CourseOptions): Promise<Sample[]> {
  const { scene, plan: { kind, timing }, wants, signal, broken } = options;
  const samples: Sample[] = [];
  await using legion = new BenchLegion(scene, kind, timing, signal);
  for (const fault of order(wants)) {
    signal.throwIfAborted();
    try {
      samples.push({ fault, seconds: await legion[fault]() });
    } catch (error) {
      signal.throwIfAborted();
      samples.push({ fault, seconds: Infinity });
      broken(fault, `${error instanceof Error ? error.message : error}\n${legion.log}`);
      break;
    }
  }
  return samples;
}

/** What a legion has to go through: it boots, and a node that a fault ends comes back. */
export function order(wants: (fault: Fault) => boolean): Fault[] {
  const kill: Fault[] = wants("kill") || wants("comeBack") ? ["kill", "comeBack"] : [];
  const stop: Fault[] = wants("stop") ? ["stop", "comeBack"] : [];
  return ["boot", ...kill, ...stop, ...wants("cut") ? ["cut" as const] : []];
}
