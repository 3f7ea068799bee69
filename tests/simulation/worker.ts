import type { FamilyName } from "./families.ts";
import type { RuleName } from "./scenario.ts";
import { type Outcome, simulate } from "./simulate.ts";

/** The seeds that a worker simulates at a time. */
export interface Batch {
  readonly from: number;
  readonly count: number;
  readonly rule: RuleName;
  readonly family?: FamilyName;
}

declare const self: Worker;

self.onmessage = ({ data: { from, count, ...choice } }: MessageEvent<Batch>) => {
  const outcomes = Array.from({ length: count }, (_, i): Outcome => {
    return simulate({ seed: from + i, ...choice });
  });
  self.postMessage(outcomes);
};
