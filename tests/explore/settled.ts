import { isLord } from "./judge.ts";
import type { Node } from "./node.ts";

/**
 * Whether one node is lord, and all others have come to terms with it, so that nothing would change
 * any more by itself.
 */
export function settled(nodes: readonly Node[], nowMs: number): boolean {
  const lords = nodes.filter((node) => isLord(node, nowMs));
  const uuid = lords.at(0)?.legion?.view().uuid;
  return lords.length === 1 && nodes.every(({ legion }) => {
    if (legion === undefined) return true;
    const { phase, candidate, support, reasons } = legion.view();
    return phase === "voting" && candidate?.uuid === uuid &&
      (support === undefined || support === uuid) && reasons.length === 0;
  });
}

/** Whether any node may be lord, where all that run hear each other. */
export function someoneMayBeLord(nodes: readonly Node[]): boolean {
  const running = nodes.filter(({ legion }) => legion !== undefined);
  // Of two that take one address for their own neither counts.
  const counted = running.filter(({ plan: { listedAs } }) =>
    running.filter(({ plan }) => plan.listedAs === listedAs).length === 1
  );
  return counted.some(({ plan: { valor, listedAs }, config: { list, quorum }, unfit }) => {
    // Support needs two: one that lists the other, and is listed by it.
    const voters = counted.filter(({ plan, config }) =>
      list.includes(plan.listedAs) && config.list.includes(listedAs)
    );
    return valor > 0 && !unfit && voters.length >= quorum;
  });
}
