import type { Reason } from "../../lib/legion/reason.ts";
import type { FaultKind } from "./scenario.ts";

/** The reasons that a node is told of, by the fault behind each. */
const reasons: ReadonlyMap<FaultKind, Reason> = new Map([
  ["check fails", { kind: "unfit", why: "its check fails" }],
  ["drain", { kind: "drained", why: "drained" }],
  ["refused", { kind: "refused", why: "its account is refused" }],
]);

/** Whether a fault is a reason to stand back. */
export function isReason(kind: FaultKind): boolean {
  return reasons.has(kind);
}

/** The reasons to stand back that some faults are. */
export function reasonsOf(kinds: readonly FaultKind[]): Reason[] {
  return [...new Set(kinds)].flatMap((kind) => reasons.get(kind) ?? []);
}
