import type { Limit, Unit } from "./section.ts";
import { median } from "./statistics.ts";

/** The median is at most the limit. */
export function medianAtMost(limit: number, unit: Unit): Limit {
  return {
    text: `median ≤ ${measure(limit, unit)}`,
    holds: (samples) => median(samples) <= limit,
  };
}

/** No sample is above the limit. */
export function allAtMost(limit: number, unit: Unit): Limit {
  return {
    text: `≤ ${measure(limit, unit)}`,
    holds: (samples) => Math.max(...samples) <= limit,
  };
}

/** No sample is below the limit. */
export function allAtLeast(limit: number, unit: Unit): Limit {
  return {
    text: `≥ ${measure(limit, unit)}`,
    holds: (samples) => Math.min(...samples) >= limit,
  };
}

/** Every sample equals the value. */
export function exactly(value: number): Limit {
  return { text: `${value}`, holds: (samples) => samples.every((sample) => sample === value) };
}

/** All of the limits hold. */
export function both(...limits: readonly Limit[]): Limit {
  return {
    text: limits.map(({ text }) => text).join(", "),
    holds: (samples) => limits.every(({ holds }) => holds(samples)),
  };
}

function measure(limit: number, unit: Unit): string {
  const space = unit === "%" || unit === "×" || unit === "" ? "" : " ";
  return `${Number(limit.toFixed(3))}${space}${unit}`;
}
