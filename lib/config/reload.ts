import { isDeepStrictEqual } from "node:util";
import type { Config, LegionConfig } from "./config.ts";

/** What a configuration that was read anew changes in a node that runs. */
export interface Reload {
  /** What is in force from now on: the new one, where that can be. */
  readonly config: Config;
  /** The options that have changed, one line for each legion. */
  readonly changed: readonly string[];
  /** What stays as it was, one sentence each, with file and line. */
  readonly needsRestart: readonly string[];
}

type Keys = readonly (keyof LegionConfig)[];

/** What the other nodes know this one by, and what its memory of them rests on. */
const fixed: readonly [what: string, keys: Keys][] = [
  ["another address, with its nodes and quorum,", ["address", "casting"]],
  ["another valor", ["valor"]],
  ["another cipher, secret or IV", ["cipher", "secret", "iv"]],
  ["another legion-auth", ["authSecret"]],
  ["another legion-skew-tolerance", ["skewToleranceMs"]],
  ["another legion-scroll-max-size", ["scrollMaxSize"]],
];

/** What takes effect in place, by its options. */
const flexible: readonly [option: string, keys: Keys][] = [
  ["hooks", ["hooks"]],
  ["legion-node", ["nodes"]],
  ["legion-quorum", ["quorum"]],
  ["legion-lease", ["lease"]],
  ["legion-release-time", ["releaseMs"]],
  ["legion-max-members", ["maxMembers"]],
  ["legion-check", ["checks"]],
  ["legion-failback", ["failback"]],
  ["legion-flap", ["flap"]],
  ["legion-scroll", ["scroll"]],
  ["legion-freq", ["freqMs"]],
  ["legion-tolerance", ["toleranceMs"]],
  ["legion-death-on-lord-error", ["deathOnLordErrorMs"]],
  ["legion-hook-timeout", ["hookTimeoutMs"]],
];

/**
 * Compares the configuration of a running node with what its file says now.
 *
 * @param running what is in force
 * @param read of the same file and section
 */
export function reload(running: Config, read: Config): Reload {
  const changed: string[] = [];
  const needsRestart: string[] = [];
  const legions = running.legions.map((before) => {
    const after = read.legions.find(({ name }) => name === before.name);
    if (after === undefined) {
      needsRestart.push(`${read.file}: to be without the legion ${before.name}`);
      return before;
    }
    const place = `${after.file}:${after.line}: legion ${after.name}`;
    needsRestart.push(...fixedChanges(before, after).map((what) => `${place}: ${what}`));
    const config = { ...after, ...kept(before, after) };
    const options = flexible.filter(([, keys]) => differ(keys, before, config));
    if (options.length > 0) {
      changed.push(`legion ${after.name}: ${options.map(([option]) => option).join(", ")}`);
    }
    return config;
  });
  for (const { name, file, line } of read.legions) {
    if (running.legions.some((legion) => legion.name === name)) continue;
    needsRestart.push(`${file}:${line}: to be in the legion ${name}`);
  }
  const { stats, statsHttp } = running;
  if (!isDeepStrictEqual([stats, statsHttp], [read.stats, read.statsHttp])) {
    needsRestart.push(`${read.file}: another stats or stats-http`);
  }
  return {
    config: { ...read, legions, stats, statsHttp },
    changed,
    needsRestart: needsRestart.map((what) => `${what} needs a restart`),
  };
}

function fixedChanges(before: LegionConfig, after: LegionConfig): string[] {
  const lease = isLeaseFixed(before, after) ? ["legion-lease to or from off"] : [];
  return [
    ...fixed.filter(([, keys]) => differ(keys, before, after)).map(([what]) => what),
    ...lease,
  ];
}

/** How many nodes there are was counted, and the quorum checked, with that address. */
const ofTheAddress: Keys = ["nodes", "nodeCount", "quorum", "lease"];

/** Without the lease a node keeps no promises, so that none could be relied upon at once. */
function isLeaseFixed(before: LegionConfig, after: LegionConfig): boolean {
  return before.lease !== after.lease && (before.lease === "off" || after.lease === "off");
}

function kept(before: LegionConfig, after: LegionConfig): Partial<LegionConfig> {
  const moves = differ(["address", "casting"], before, after);
  const keys: Keys = [
    ...fixed.flatMap(([, keys]) => keys),
    ...moves ? ofTheAddress : isLeaseFixed(before, after) ? ["lease"] as const : [],
  ];
  return Object.fromEntries(keys.map((key) => [key, before[key]]));
}

function differ(keys: Keys, before: LegionConfig, after: LegionConfig): boolean {
  return keys.some((key) => !isDeepStrictEqual(comparable(before[key]), comparable(after[key])));
}

/** A hook or check that has only moved in its file is the same. */
function comparable(value: unknown): unknown {
  return Array.isArray(value) ? value.map((each) => ({ ...each, file: "", line: 0 })) : value;
}
