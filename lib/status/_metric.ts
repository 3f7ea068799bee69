import { printable } from "../base/printable.ts";
import type { LegionStats } from "./report.ts";

/** The labels of a sample. */
export type Labels = Readonly<Record<string, string | number>>;

/** A value with its labels. */
export type Sample = readonly [labels: Labels, value: number];

/** A metric as Prometheus reads it. */
export interface Metric {
  /** The name; what is counted up ends with `_total`. */
  readonly name: string;
  /** The type. */
  readonly type: "gauge" | "counter";
  /** The meaning, in one line. */
  readonly help: string;
  /** The samples; empty: the metric is left out. */
  readonly samples: readonly Sample[];
}

/** Writes metrics in Prometheus' text format 0.0.4. Of samples with the same labels the first counts. */
export function metricLines(metrics: readonly Metric[]): string {
  return metrics.filter(({ samples }) => samples.length > 0).map(metricText).join("");
}

function metricText({ name, type, help, samples }: Metric): string {
  const values = new Map<string, number>();
  for (const [labels, value] of samples) {
    const text = labelText(labels);
    if (!values.has(text)) values.set(text, value);
  }
  const lines = [...values].map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(`${value}`)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return printable(value).replace(/[\\"]/g, "\\$&");
}

/** A gauge of ours. */
export function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `failover_${name}`, type: "gauge", help, samples };
}

/** A counter of ours; its name ends with `_total`. */
export function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { ...gauge(name, help, samples), type: "counter" };
}

/** A sample for each of some things of each legion, with the legion among its labels. */
export function every<T>(
  legions: readonly LegionStats[],
  of: (legion: LegionStats) => readonly T[],
  sample: (one: T) => Sample,
): Sample[] {
  return legions.flatMap((legion) =>
    of(legion).map((one): Sample => {
      const [labels, value] = sample(one);
      return [{ legion: legion.legion, ...labels }, value];
    })
  );
}
