import type { Contender, Figure, Row, Unit } from "./section.ts";
import { median } from "./statistics.ts";

const contenders: readonly Contender[] = ["failover", "uwsgi", "keepalived", "curl"];

/** Writes rows as a table in Markdown; contenders without any figure have no column. */
export function benchTable(rows: readonly Row[]): string {
  const shown = contenders.filter((contender) =>
    rows.some(({ figures }) => figures.some((figure) => figure.contender === contender))
  );
  const lines = [
    ["what", "setting", ...shown, "to be", "holds"],
    ...rows.map((row) => [
      row.what,
      row.setting,
      ...shown.map((contender) => told(figureOf(row, contender))),
      row.limit?.text ?? "",
      verdict(row),
    ]),
  ];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const rule = widths.map((width) => "-".repeat(width));
  return [lines[0], rule, ...lines.slice(1)]
    .map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |\n`)
    .join("");
}

/** Whether a row keeps its limit; undefined: no limit or no figure. */
export function holds({ figures, limit }: Row): boolean | undefined {
  const figure = figures.find(({ contender }) => contender === "failover");
  return figure === undefined ? undefined : limit?.holds(figure.samples);
}

function verdict(row: Row): string {
  const held = holds(row);
  return held === undefined ? "" : held ? "yes" : "NO";
}

function figureOf({ figures }: Row, contender: Contender): Figure | undefined {
  return figures.find((figure) => figure.contender === contender);
}

/** The median, with the range where there are several samples. */
function told(figure: Figure | undefined): string {
  if (figure === undefined) return "";
  const { samples, unit } = figure;
  const [middle, least, most] = [median(samples), Math.min(...samples), Math.max(...samples)];
  const measure = `${rounded(middle, unit)}${unit === "" || unit === "×" ? "" : ` ${unit}`}`;
  const one = unit === "×" ? `${measure}×` : measure;
  return samples.length === 1 ? one : `${one} (${rounded(least, unit)}–${rounded(most, unit)})`;
}

/**
 * Rounds seconds to the millisecond, the precision of their measurement, and others to three
 * digits.
 */
function rounded(value: number, unit: Unit): string {
  if (value === Infinity) return "never";
  if (unit === "s") return value.toFixed(3);
  return value >= 100 || Number.isInteger(value)
    ? value.toFixed(0)
    : `${Number(value.toPrecision(3))}`;
}
