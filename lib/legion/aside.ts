import { type StandBackKind, standBackKinds } from "../base/stand_back_kind.ts";
import { type Pair, textOf, type WritablePair } from "./pairs.ts";

/**
 * The part of an announcement that is told for people, and by which no rule goes (LEASE.md, "On the
 * wire").
 */
export interface Aside {
  /** The version of the program, at most 32 characters; empty: not told. */
  readonly version: string;
  /** The kinds of reasons for which the sender stands back, each once; empty: none, or not told. */
  readonly back: readonly StandBackKind[];
  /** Where the sender, a lord, saw one of its addresses; absent: not told. */
  readonly sight?: Sight;
}

/** A failover address, and where it was seen. */
export interface Sight {
  /** The address, the net address of a subnet, or another name of it. */
  readonly ip: string;
  /** The server that it pointed to, by the provider's word; null: it pointed nowhere. */
  readonly where: string | null;
  /** How long ago that was when it was told, in whole seconds. */
  readonly ageSeconds: number;
}

const versionForm = /^[!-~]{1,32}$/;
const ipForm = /^[!-~]{1,64}$/;
const whereForm = /^[!-~]{1,64}$/;
const nowhere = "-";
// Ten digits would be more than three hundred years.
const ageForm = /^[0-9]{1,9}$/;
const maxAgeSeconds = 999_999_999;
// More than all kinds together; a longer text is not taken apart.
const maxBackBytes = 256;

/** The pairs of an aside. A value that could not be read at the other end is left out. */
export function asidePairs({ version, back, sight }: Aside): WritablePair[] {
  const pairs: WritablePair[] = [];
  if (versionForm.test(version)) pairs.push(["version", version]);
  if (back.length > 0) pairs.push(["back", back.join(",")]);
  const where = sight?.where ?? nowhere;
  if (sight === undefined || !ipForm.test(sight.ip) || !whereForm.test(where)) return pairs;
  const ageSeconds = Math.min(maxAgeSeconds, Math.max(0, Math.round(sight.ageSeconds)));
  pairs.push(["sight", `${sight.ip} ${where} ${ageSeconds}`]);
  return pairs;
}

/**
 * Reads an aside from the pairs of an announcement; undefined: there is none. A wrong value is as if
 * absent, so that nothing in it can make a node deaf to another.
 */
export function readAside(pairs: ReadonlyMap<string, Pair[1]>): Aside | undefined {
  const text = (key: string) => {
    const value = pairs.get(key);
    return value === undefined || value.length > maxBackBytes ? "" : textOf(value);
  };
  const version = versionForm.test(text("version")) ? text("version") : "";
  const kinds = new Set(text("back").split(","));
  const back = standBackKinds.filter((kind) => kinds.has(kind));
  const sight = readSight(text("sight"));
  if (version === "" && back.length === 0 && sight === undefined) return undefined;
  return { version, back, ...sight && { sight } };
}

function readSight(text: string): Sight | undefined {
  const [ip, where, age, ...more] = text.split(" ");
  if (more.length > 0 || age === undefined) return undefined;
  if (!ipForm.test(ip) || !whereForm.test(where) || !ageForm.test(age)) return undefined;
  return { ip, where: where === nowhere ? null : where, ageSeconds: Number(age) };
}
