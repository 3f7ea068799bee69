import type { RememberedCheck } from "../../base/check.ts";
import { forgotten, type Notes, type Past } from "../../legion/notes.ts";
import type { Drain } from "../drain.ts";

/** The service as the last process knew it. */
export interface RememberedService {
  /** The last result of each check. */
  readonly checks: readonly RememberedCheck[];
  /** The drain, its `untilMs` by the clock of the process that has this; undefined: none. */
  readonly drain?: Drain;
  /** The logins that are refused for good. */
  readonly refused?: readonly RememberedRefusal[];
}

/**
 * A login that failed and has never worked. By the addresses that it is for, and not by anything of
 * the login itself: a note must hold no secret.
 */
export interface RememberedRefusal {
  /** The name of the provider. */
  readonly provider: string;
  /** The addresses. */
  readonly ips: readonly string[];
  /** When the login failed last, in milliseconds since 1970. */
  readonly failedWallMs: number;
}

/** The things that a node remembers in one legion, for its next process (LEASE.md, rule 12). */
export interface Memory {
  /** The things known of the process before this one; times by this process's clock. */
  readonly past: Past;
  /** The service as the process before this one knew it. */
  readonly service: RememberedService;
  /** The reason why nothing, or not all, can be kept; undefined: all is well. */
  readonly trouble?: string;
  /** Keeps the legion's notes in place of those before, at once; null: removes them. */
  note(notes: Notes | null): void;
  /**
   * Keeps the service as it is now: at once if notes are kept, else with the next notes. A check that
   * has not ended yet keeps nothing.
   */
  noteService(service: RememberedService): void;
  /** Lets another process of this node begin. All that is kept stays. */
  close(): void;
}

/** A memory that keeps nothing. */
export const noMemory: Memory = {
  past: forgotten,
  service: { checks: [] },
  note() {},
  noteService() {},
  close() {},
};
