import { drawCommonDay } from "./common_day.ts";
import { alike } from "./families/alike.ts";
import { crashes } from "./families/crashes.ts";
import { cuts } from "./families/cuts.ts";
import type { Family } from "./families/family.ts";
import { hooks } from "./families/hooks.ts";
import { lists } from "./families/lists.ts";
import { nat } from "./families/nat.ts";
import { off } from "./families/off.ts";
import { reboots } from "./families/reboots.ts";
import { reloads } from "./families/reloads.ts";
import { restarts } from "./families/restarts.ts";
import { tolerances } from "./families/tolerances.ts";
import { twice } from "./families/twice.ts";
import { unfit } from "./families/unfit.ts";
import { Random } from "./random.ts";
import type { Fault, RuleName, Scenario } from "./scenario.ts";

const families = {
  alike,
  tolerances,
  off,
  uwsgi: alike,
  lists,
  twice,
  nat,
  unfit,
  hooks,
  cuts,
  crashes,
  reloads,
  restarts,
  reboots,
} satisfies Record<string, Family>;

/** The name of a family of days. */
export type FamilyName = keyof typeof families;

/** The names of all families. */
export const familyNames = Object.keys(families) as FamilyName[];

/**
 * Draws a day from a seed.
 *
 * @param choice.family the family; undefined: one after the other, by the seed. By uWSGI's rule all
 * nodes are alike
 */
export function drawDay(
  { seed, rule, family }: { seed: number; rule: RuleName; family?: FamilyName },
): Scenario {
  const name = rule === "uwsgi" ? "alike" : family ?? familyNames[seed % familyNames.length];
  const day = drawCommonDay(seed, { family: name, rule, mixed: name === "uwsgi" });
  const draw: Family = families[name];
  return remembering(known(draw(day, new Random(seed ^ 0xfa3117))));
}

/** A day whose nodes keep notes and state: on most days all do, on some none, or a few. */
function remembering(day: Scenario): Scenario {
  const random = new Random(day.seed ^ 0x3e3);
  const share = random.pick([1, 1, 0.5, 0]);
  const nodes = day.nodes.map((node) => {
    return { ...node, remembers: node.remembers || random.chance(share) };
  });
  return { ...day, nodes };
}

/** A day without the faults of nodes that it does not have: a family may have drawn fewer. */
function known(day: Scenario): Scenario {
  const names = day.nodes.map(({ name }) => name);
  const isKnown = ({ nodes }: Fault) => nodes.every((name) => names.includes(name));
  return { ...day, faults: day.faults.filter(isKnown) };
}
