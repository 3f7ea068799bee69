import { kindOf } from "../base/action_kind.ts";
import { placeIn } from "../base/place.ts";
import type { Hook, LegionConfig } from "./config.ts";
import type { ConfigProblem } from "./config_error.ts";
import type { ActionKinds } from "./hook.ts";

/** The least time to give something up in, in milliseconds: the kernel counts whole seconds. */
const leastReleaseMs = 1_000;
/** The least part of a tolerance beside the release time, in milliseconds: a lease is renewed in it. */
const leastRestMs = 1_500;

/**
 * The problems of actions that have something no second node may have: each needs a lease, which
 * says that there is no second lord, and time to give the thing up; and no two may have the same.
 */
export function problemsOfUpheld(
  legions: readonly LegionConfig[],
  kinds: ActionKinds,
): ConfigProblem[] {
  const earlier = new Map<string, Hook>();
  return legions.flatMap((legion) =>
    legion.hooks.flatMap((hook) => {
      const { file, line, event, action: { kind, settings } } = hook;
      const thing = kindOf(hook.action, kinds).exclusive?.(settings);
      if (thing === undefined) return [];
      const before = earlier.get(thing);
      earlier.set(thing, hook);
      const why = before === undefined
        ? fault(legion, hook)
        : `the action in ${placeIn(file, before)} has ${thing} already`;
      const option = `legion-${event}`;
      return why === undefined ? [] : [{ file, line, option, message: `${kind}: ${why}` }];
    })
  );
}

function fault(
  { name, lease, releaseMs, toleranceMs, freqMs }: LegionConfig,
  { event }: Hook,
): string | undefined {
  if (event !== "lord") return "it is for legion-lord alone: the node gives it up by itself";
  if (lease !== "on") {
    return `it needs legion-lease = ${name} on: without that two servers might have it at once`;
  }
  if (releaseMs < leastReleaseMs) {
    return `it needs time to be given up in: legion-release-time = ${name} 1, or more`;
  }
  const leastMs = releaseMs + Math.max(leastRestMs, 1.5 * freqMs);
  if (toleranceMs >= leastMs) return undefined;
  return `it needs a legion-tolerance of at least ${leastMs / 1000} s beside this ` +
    `legion-release-time and legion-freq, and that is ${toleranceMs / 1000} s`;
}
