import type { Mutant } from "./mutant.ts";

/** The mutants that the explorer must find. */
export const mutants: readonly Mutant[] = [
  {
    name: "support-moves-early",
    rule: 3,
    file: "support.ts",
    text: "if (nowMs >= this.endsMs) this.#to = undefined;",
    by: "if (nowMs >= this.endsMs - 500) this.#to = undefined;",
    found: "alike 0:lose a>b, 35:pause b 14",
  },
];
