import type { Section } from "./section.ts";
import { takeovers } from "./takeover.ts";

/** The parts of the bench, in the order of the table. */
export const sections: readonly Section[] = [
  takeovers,
  // The sections of what a node costs stand here.
];
