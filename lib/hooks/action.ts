import type { AccountGuard } from "../robot/account_guard.ts";

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
  /**
   * Asks the clock whether what the hook does is still wanted, and aborts the signal where it is not:
   * to be called before anything is sent, since a process that slept may be behind its own timers.
   */
  readonly recheck: () => void;
  /** One line for the log. */
  readonly log: (level: "info" | "warn" | "error", message: string) => void;
  /** One line of what a command said: for the log alone, since it may hold anything. */
  readonly output: (line: string) => void;
  /** What the node knows of the accounts it asks with. */
  readonly guard: AccountGuard;
  /** Told where a failover address was seen to point, or why that is not known. */
  readonly seen: (sight: AddressSight) => void;
}

/** What the Robot said last of a failover address. */
export interface AddressSight {
  readonly ip: string;
  /** Where it is to point while this node is lord. */
  readonly wanted: string;
  /** Where it points; null: nowhere; undefined: it is not known, and `problem` says why. */
  readonly activeServerIp?: string | null;
  /** What was wrong with the last question. */
  readonly problem?: string;
}

/** A hook that failed: the message says why, without any secret. */
export class HookError extends Error {
  override readonly name = "HookError";
}
