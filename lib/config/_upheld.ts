import { kindOf } from "../base/action_kind.ts";
import { Invalid } from "../base/invalid.ts";
import type { LegionConfig } from "./config.ts";
import type { ActionKinds } from "./hook.ts";

/** The least time to give something up in, in milliseconds: the kernel counts whole seconds. */
const leastReleaseMs = 1_000;
/** The least lease, without its release time, that can be renewed in time, in milliseconds. */
const leastRestMs = 1_500;

/**
 * Refuses an action that has something no second node may have, where nothing says that there is no
 * second lord: it needs a lease, and time to give it up.
 *
 * @throws Invalid that says what is missing, with the place of the hook
 */
export function checkUpheld(legion: LegionConfig, kinds: ActionKinds): void {
  const { name, lease, releaseMs, toleranceMs, freqMs, hooks } = legion;
  const found = hooks.filter(({ action }) => kindOf(action, kinds).isUpheld === true);
  for (const { file, line, event, action: { kind } } of found) {
    const refuse = (why: string): never => {
      throw new Invalid(`the action ${kind}: in ${file}:${line} ${why}`);
    };
    if (event !== "lord") refuse("is for legion-lord alone: the node removes it by itself");
    if (lease !== "on") {
      refuse(`needs legion-lease = ${name} on: without it two servers might have the address`);
    }
    if (releaseMs < leastReleaseMs) {
      refuse(`needs a time to remove the address in: legion-release-time = ${name} 1, or more`);
    }
    const least = releaseMs + Math.max(leastRestMs, 1.5 * freqMs);
    if (toleranceMs < least || releaseMs > toleranceMs / 2) {
      const right = Math.max(least, 2 * releaseMs) / 1000;
      refuse(
        `needs a legion-tolerance of at least ${right} s beside this legion-release-time and ` +
          `legion-freq, and it is ${toleranceMs / 1000} s`,
      );
    }
  }
}
