import type { RuleName } from "./scenario.ts";
import { type Outcome, simulate } from "./simulate.ts";

/** The seeds that a worker simulates at a time. */
export interface Batch {
  readonly from: number;
  readonly count: number;
  readonly rule: RuleName;
}

declare const self: Worker;

self.onmessage = ({ data: { from, count, rule } }: MessageEvent<Batch>) => {
  const outcomes = Array.from({ length: count }, (_, i): Outcome => simulate(from + i, rule));
  self.postMessage(outcomes);
};
