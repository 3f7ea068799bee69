import { errorMessage } from "../../lib/base/error_message.ts";
import { BenchLegion } from "./takeover_legion.ts";
import type { Fault, Plan } from "./takeover_plans.ts";
import type { Scene } from "./takeover_scene.ts";

/** The time from a fault to the next lord's request. */
export interface Sample {
  /** The fault. */
  readonly fault: Fault;
  /** The time in seconds; Infinity: no request came. */
  readonly seconds: number;
}

/** The options of a course of faults. */
export interface CourseOptions {
  /** The servers and the Robot. */
  readonly scene: Scene;
  /** The kind of node and its settings. */
  readonly plan: Plan;
  /** Whether a fault is to be measured. */
  readonly wants: (fault: Fault) => boolean;
  /** Aborted when the bench is interrupted. */
  readonly signal: AbortSignal;
  /** Called with the reason when the course ends early. */
  readonly broken: (fault: Fault, why: string) => void;
}

/** Takes one legion through all wanted faults, one after the other. */
export async function course(options: CourseOptions): Promise<Sample[]> {
  const { scene, plan: { kind, timing }, wants, signal, broken } = options;
  const samples: Sample[] = [];
  await using legion = new BenchLegion(scene, kind, timing, signal);
  for (const fault of order(wants)) {
    signal.throwIfAborted();
    try {
      const seconds = await legion[fault]();
      if (wants(fault)) samples.push({ fault, seconds });
    } catch (error) {
      signal.throwIfAborted();
      samples.push({ fault, seconds: Infinity });
      broken(fault, `${errorMessage(error)}\n${legion.log}`);
      break;
    }
  }
  return samples;
}

/** The order of faults: a legion starts first, and a node that was stopped comes back. */
export function order(wants: (fault: Fault) => boolean): Fault[] {
  const stop: Fault[] = wants("stop") || wants("comeBack") ? ["stop", "comeBack"] : [];
  const others = (["cut", "boot", "reboot", "kill"] as const).filter(wants);
  return ["firstStart", ...stop, ...others];
}
