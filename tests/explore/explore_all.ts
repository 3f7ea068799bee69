import { loadCode } from "./code.ts";
import { type Finding, firstDeviations } from "./explore.ts";
import type { Setting } from "./setting.ts";
import type { Workers } from "./workers.ts";

/** The figures of the exploration of one setting. */
export interface Figures {
  /** The number of deviations that would change the calm course. */
  readonly firsts: number;
  /** The number of schedules that were lived through. */
  readonly schedules: number;
  /** The number of them that broke a rule. */
  readonly broken: number;
  /** The time that it took, in milliseconds. */
  readonly tookMs: number;
}

/** How to explore a setting. */
export interface ExploreOptions {
  /** The address of the code; undefined: the shipped one. */
  readonly url?: string;
  /** Only every so many of the first deviations are tried; default 1: all of them. */
  readonly every?: number;
  /** Whether each deviation is tried alone only; default: also each two. */
  readonly alone?: boolean;
  /** Whether to end with the first rule that is broken. */
  readonly firstOnly?: boolean;
  /** Takes each rule that is broken. */
  readonly found: (finding: Finding) => void;
  /** Takes the share of the setting that is done, from 0 to 1, now and then. */
  readonly progress?: (share: number) => void;
}

/**
 * Explores a setting on all cores: each deviation from its calm course, and each two.
 *
 * @throws Error when a worker fails
 */
export async function exploreAll(
  setting: Setting,
  workers: Workers,
  { url, every = 1, alone = false, firstOnly = false, found, progress = () => {} }: ExploreOptions,
): Promise<Figures> {
  const begunMs = performance.now();
  const { firsts, findings } = firstDeviations(setting, await loadCode(url));
  findings.forEach(found);
  const tasks = firsts.filter((_, index) => index % every === 0)
    .map((first) => ({ url, setting: setting.name, first, alone }));
  const count = tasks.length;
  let schedules = 1;
  let broken = findings.length;
  await workers.work(tasks, (outcome) => {
    schedules += outcome.schedules;
    broken += outcome.findings.length;
    outcome.findings.forEach(found);
    if (firstOnly && broken > 0) tasks.length = 0;
    progress(1 - tasks.length / count);
  });
  return { firsts: count, schedules, broken, tookMs: performance.now() - begunMs };
}
