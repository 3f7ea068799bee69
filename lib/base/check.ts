import type { Address } from "./address.ts";
import type { Place } from "./place.ts";

/** What a check asks. */
export type CheckProbe =
  | {
    readonly kind: "cmd";
    readonly command: string;
    /** The command as the file has it, references not replaced: what they stand for may be secret. */
    readonly written: string;
  }
  | {
    readonly kind: "http";
    readonly url: string;
    /** The only right one; 0: any from 200 to 299. */
    readonly status: number;
  }
  | { readonly kind: "tcp"; readonly address: Address };

/** A check of the service (`legion-check`): while it fails the node is not fit to be lord. */
export interface Check extends Place {
  /** Of the service, for log and status. */
  readonly name: string;
  readonly probe: CheckProbe;
  /** From the beginning of one run to that of the next. */
  readonly intervalMs: number;
  /** After which a run has failed. */
  readonly timeoutMs: number;
  /** So many runs in a row must succeed for it to pass. */
  readonly rise: number;
  /** So many must fail for it to fail. */
  readonly fall: number;
}

/** A check of the node's service (`legion-check`). */
export interface CheckStats {
  readonly name: string;
  readonly kind: "cmd" | "http" | "tcp";
  /** Of the configuration. */
  readonly line: number;
  /** `pending`: not passed yet since the start; it counts as failing. */
  readonly state: "pending" | "passing" | "failing";
  /** Since when it is in that state, in wall clock seconds. */
  readonly since: number;
  /** What its last run told, at most 200 characters; empty before the first one has ended. */
  readonly output: string;
  /** How many runs have ended. */
  readonly runs: number;
}
