/** What a hook is told about why it runs, and how it reports. */
export interface HookContext {
  /** The legion's name. */
  readonly legion: string;
  /** The event, as the option has it: `lord`, `node-left`, … */
  readonly event: string;
  /** The name of the node it is about: the member that joined or left, else this one. */
  readonly node: string;
  /** The name of the lord that the legion has agreed upon; empty while there is none. */
  readonly lord: string;
  /** Aborted when the hook is to end: its time is up, or what it does is no longer wanted. */
  readonly signal: AbortSignal;
  /** One line for the log. */
  readonly log: (level: "info" | "warn" | "error", message: string) => void;
}

/** A hook that failed: the message says why, without any secret. */
export class HookError extends Error {
  override readonly name = "HookError";
}
