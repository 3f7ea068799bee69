import type { Section } from "./section.ts";

/** The parts of the bench, in the order of the table. */
export const sections: readonly Section[] = [
  // The sections of what a node costs stand here.
];
