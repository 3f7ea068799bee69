import { equalData } from "../base/equal_data.ts";
import type { Config, LegionConfig } from "./config.ts";
import { nodeOptions } from "./node_options.ts";
import { type OptionRow, rowsOf } from "./option.ts";
import { legionOptions } from "./legion_options.ts";

/** The changes that a configuration, read again, makes to a node that runs. */
export interface Reload {
  /** The configuration in force from now on: the new one, where that can be. */
  readonly config: Config;
  /** The options that have changed, one line for each legion. */
  readonly changed: readonly string[];
  /** The changes that a running node does not take, one sentence each, with file and line. */
  readonly needsRestart: readonly string[];
}

type Keys = readonly (keyof LegionConfig)[];

/** The parts of a legion's own line, by which the other nodes know this one. */
const ownLine: readonly [what: string, keys: Keys][] = [
  ["another address, with its nodes and quorum,", ["address", "casting"]],
  ["another valor", ["valor"]],
  ["another cipher, secret or IV", ["cipher", "secret", "iv"]],
];

/** The fields that were counted or checked with the own address, and stay with it. */
const ofTheAddress: Keys = ["nodes", "ownAddress", "voters", "node", "quorum", "lease"];

/**
 * Compares the configuration of a running node with what its file says now.
 *
 * @param running the configuration in force
 * @param read the configuration of the same file and section as it reads now
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
    const own = ownLine.filter(([, keys]) => differ(keys, before, after));
    const options = fixedChanges(rowsOf(legionOptions), before, after);
    needsRestart.push(...[...own, ...options].map(([what]) => `${place}: ${what}`));
    const config = {
      ...after,
      ...values(before, [...own, ...options].flatMap(([, keys]) => keys)),
      ...differ(["address", "casting"], before, after) ? values(before, ofTheAddress) : {},
    };
    const names = [
      ...differ(["hooks"], before, config) ? ["hooks"] : [],
      ...changes(rowsOf(legionOptions), before, config).map(([, { name }]) => name),
    ];
    if (names.length > 0) changed.push(`legion ${after.name}: ${names.join(", ")}`);
    return config;
  });
  for (const { name, file, line } of read.legions) {
    if (running.legions.some((legion) => legion.name === name)) continue;
    needsRestart.push(`${file}:${line}: to be in the legion ${name}`);
  }
  const options = fixedChanges(rowsOf(nodeOptions), running, read);
  needsRestart.push(...new Set(options.map(([what]) => `${read.file}: ${what}`)));
  const config = { ...read, ...values(running, options.flatMap(([, keys]) => keys)), legions };
  changed.push(...changes(rowsOf(nodeOptions), running, config).map(([, { name }]) => name));
  return {
    config,
    changed,
    needsRestart: needsRestart.map((what) => `${what} needs a restart`),
  };
}

type Values<Field extends string> = Readonly<Partial<Record<Field, unknown>>>;

/** The rows of fields that differ. */
function changes<Field extends string>(
  rows: readonly [Field, OptionRow][],
  before: Values<Field>,
  after: Values<Field>,
): [Field, OptionRow][] {
  return rows.filter(([field]) => differ([field], before, after));
}

/** The changes that a running node does not take, in words, with their fields. */
function fixedChanges<Field extends string>(
  rows: readonly [Field, OptionRow][],
  before: Values<Field>,
  after: Values<Field>,
): [what: string, fields: Field[]][] {
  return changes(rows, before, after).flatMap(([field, { reload }]) => {
    if (reload === "in place") return [];
    if (reload.when !== undefined && !reload.when(before[field], after[field])) return [];
    return [[reload.restart, [field]]];
  });
}

function values<T extends object, Key extends keyof T>(of: T, keys: readonly Key[]): Pick<T, Key> {
  return Object.fromEntries(keys.map((key) => [key, of[key]])) as Pick<T, Key>;
}

function differ<Key extends string>(
  keys: readonly Key[],
  before: Values<Key>,
  after: Values<Key>,
): boolean {
  return keys.some((key) => !equalData(comparable(before[key]), comparable(after[key])));
}

/** A hook or check that has only moved in its file is the same. */
function comparable(value: unknown): unknown {
  return Array.isArray(value) ? value.map((each) => ({ ...each, file: "", line: 0 })) : value;
}
