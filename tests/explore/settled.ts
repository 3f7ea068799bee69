import { isLord } from "./judge.ts";
import type { Node } from "./node.ts";

/**
 * Whether one node is lord, and all others have come to terms with it, so that nothing would change
 * any more by itself.
 */
export function settled(nodes: readonly Node[], nowMs: number): boolean {
  const lords = nodes.filter((node) => isLord(node, nowMs));
  const [lord] = lords;
  if (lords.length !== 1) return false;
  const uuid = lord.legion?.view().uuid;
  return nodes.every(({ legion, config: { list } }) => {
    if (legion === undefined) return true;
    const { phase, candidate, support, reasons } = legion.view();
    const isOfLord = candidate?.uuid === uuid && (support === undefined || support === uuid);
    // A node that does not list the lord cannot come to terms with it.
    const agrees = isOfLord || !list.includes(lord.plan.listedAs);
    return phase === "voting" && agrees && reasons.length === 0;
  });
}

/** Whether any node may be lord, where all that run hear each other. */
export function someoneMayBeLord(nodes: readonly Node[]): boolean {
  const running = nodes.filter(({ legion }) => legion !== undefined);
  // Of three that list one another differently, each may prefer one that it cannot help.
  const configs = new Set(running.map(({ config: { list, quorum } }) => `${list} ${quorum}`));
  if (configs.size > 2) return false;
  // Of two that take one address for their own neither counts; one alone that takes another's
  // address is not reached there.
  const counted = running.filter(({ plan: { name, listedAs } }) =>
    name === listedAs && running.filter(({ plan }) => plan.listedAs === listedAs).length === 1
  );
  return counted.some(({ plan: { valor, listedAs }, config: { list, quorum }, unfit }) => {
    // Support needs two: one that lists the other, and is listed by it.
    const voters = counted.filter(({ plan, config }) =>
      list.includes(plan.listedAs) && config.list.includes(listedAs)
    );
    return valor > 0 && !unfit && voters.length >= quorum;
  });
}
