import type { Node } from "./node.ts";

/**
 * The state of nodes as text: all that they say, and that decides what they do next, but for times
 * and counts, and under which uuid they go.
 */
export function stateOf(nodes: readonly Node[]): string {
  return nodes.map(stateOfOne).join("; ");
}

function stateOfOne({ legion, config, unfit, hooks }: Node): string {
  const { list, quorum, toleranceMs } = config;
  const machine = `${list} ${quorum} ${toleranceMs} ${unfit} ${hooks?.event}`;
  if (legion === undefined) return machine;
  const { phase, lordship, valor, candidate, support, guarantee, reasons, members } = legion.view();
  const who = `${candidate?.name} ${support?.[0]}`;
  const others = members.map(({ name, valor, said: { support } }) =>
    `${name} ${valor} ${support?.uuid[0]}`
  ).sort().join();
  const kinds = reasons.map(({ kind }) => kind).join();
  return `${machine} ${phase} ${lordship} ${valor} ${who} ${guarantee.kind} ${kinds} ${others}`;
}
