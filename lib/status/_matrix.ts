import type { NodeStats } from "./node_stats.ts";
import type { LegionStats } from "./report.ts";
import { shortened } from "./_shortened.ts";
import { hears, isThere } from "./voters_up.ts";

// Names are not shortened further, in characters.
const leastName = 8;

/**
 * Who hears whom, for a person: a row for each listener, a column for each speaker. Empty where
 * there is nothing to see: each node that is there hears every other that anybody hears.
 *
 * @param columns the width for which names are shortened, in characters; Infinity: they are not
 */
export function matrixLines({ roster }: LegionStats, columns: number): string[] {
  const nodes = roster.filter(({ listed }) => listed);
  const told = nodes.filter((node) => isThere(node) && node.hears !== null);
  const isHeard = (speaker: NodeStats) =>
    told.some((listener) => listener !== speaker && hears(listener, speaker));
  const isDeaf = (listener: NodeStats) =>
    nodes.some((speaker) => listener !== speaker && isHeard(speaker) && !hears(listener, speaker));
  if (!told.some(isDeaf)) return [];
  const width = `${nodes.length}`.length;
  const room = Math.max(columns - (nodes.length + 1) * (width + 1) - 4, leastName);
  const names = nodes.map(({ name, node }) => shortened(name === "" ? node : name, room));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const number = (index: number) => `${index + 1}`.padStart(width);
  const head = nodes.map((_, index) => number(index)).join(" ");
  return [
    "  who hears whom (x: hears, -: does not, ?: not told)",
    `  ${" ".repeat(width + nameWidth + 3)}${head}`,
    ...nodes.map((listener, row) => {
      const cells = nodes.map((speaker) => cell(listener, speaker).padStart(width)).join(" ");
      return `  ${number(row)} ${names[row].padEnd(nameWidth)}  ${cells}`;
    }),
  ];
}

function cell(listener: NodeStats, speaker: NodeStats): string {
  if (listener === speaker) return ".";
  if (listener.hears === null || !isThere(listener)) return "?";
  return hears(listener, speaker) ? "x" : "-";
}
