// Memories that break a sentence of LEASE.md's rule 12: the referee sees what comes of it.
import { assert, assertEquals } from "@std/assert";
import type { Notes } from "../../lib/legion/notes.ts";
import { drawDay } from "./families.ts";
import { Memory } from "./memory.ts";
import { live } from "./simulate.ts";

/** A memory that changes the notes before it tells them. */
function changing(other: (notes: Notes) => Notes): typeof Memory {
  return class extends Memory {
    override past(monotonicMs: number) {
      const past = super.past(monotonicMs);
      return past.kind === "noted" ? { ...past, notes: other(past.notes) } : past;
    }
  };
}

/** A flaw, the seed of a day that shows it, and the rule that the referee then finds broken. */
interface Flaw {
  readonly memory: typeof Memory;
  readonly seed: number;
  readonly breaks: RegExp;
}

const flaws: Record<string, Flaw> = {
  "forgets a promise once leave is taken": {
    memory: changing((notes) => notes.end === "leave" ? { ...notes, support: undefined } : notes),
    seed: 39,
    breaks: /lord, or taking over, at one instant/,
  },
  "forgets every promise": {
    memory: changing((notes) => ({ ...notes, support: undefined })),
    seed: 39,
    breaks: /lord, or taking over, at one instant/,
  },
  "goes on below the noted seq": {
    memory: changing((notes) => ({ ...notes, seq: 0 })),
    seed: 10,
    breaks: /sees nodes come or go in a short restart/,
  },
  "lags one step": {
    memory: class extends Memory {
      #last?: readonly [Notes | null, number];
      override note(...now: readonly [Notes | null, number]): void {
        if (this.#last !== undefined) super.note(...this.#last);
        this.#last = now;
      }
    },
    seed: 43,
    breaks: /there is no lord/,
  },
};

for (const [flaw, { memory, seed, breaks }] of Object.entries(flaws)) {
  Deno.test(`The referee sees it when a memory ${flaw}`, () => {
    const day = drawDay({ seed, rule: "lease", family: "restarts" });
    assertEquals(live(day).violations, []);
    const { violations } = live(day, undefined, (nowMs) => new memory(nowMs));
    assert(violations.some((violation) => breaks.test(violation)), violations.join());
  });
}
