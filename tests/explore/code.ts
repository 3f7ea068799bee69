import type { Legion } from "../../lib/legion/legion.ts";

/** The code that is explored: the shipped one, or a mutant of it. */
export interface Code {
  /** The state machine of a node. */
  readonly Legion: typeof Legion;
}

/**
 * Loads the code.
 *
 * @param url where `legion.ts` is; undefined: the shipped one
 */
export async function loadCode(url?: string): Promise<Code> {
  return await import(url ?? new URL("../../lib/legion/legion.ts", import.meta.url).href);
}
