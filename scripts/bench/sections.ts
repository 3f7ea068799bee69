import { costs } from "./cost.ts";
import type { Section } from "./section.ts";
import { takeovers } from "./takeover.ts";

/** The parts of the bench, in the order of the table. */
export const sections: readonly Section[] = [
  takeovers,
  costs,
];
