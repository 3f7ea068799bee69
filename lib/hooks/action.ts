import type { MoveContext } from "../move/context.ts";

/** What a hook is told about why it runs, and how it reports. */
export interface HookContext extends MoveContext {
  /** The legion's name. */
  readonly legion: string;
  /** The event, as the option has it: `lord`, `node-left`, … */
  readonly event: string;
  /** The name of the node it is about: the member that joined or left, else this one. */
  readonly node: string;
  /** The name of the lord that the legion has agreed upon; empty while there is none. */
  readonly lord: string;
  /** One line of what a command said: for the log alone, since it may hold anything. */
  readonly output: (line: string) => void;
}

/** A hook that failed: the message says why, without any secret. */
export class HookError extends Error {
  override readonly name = "HookError";
}
