import type { Address } from "./address.ts";
import type { Place } from "./place.ts";

/** The question a check puts to the service. */
export type Probe =
  /** A shell command passes with exit status 0. */
  | { readonly kind: "cmd"; readonly command: string }
  /** A GET passes with the right status. */
  | {
    readonly kind: "http";
    readonly url: string;
    /** The only right status; 0: any from 200 to 299. */
    readonly status: number;
    /** A PEM file whose certificates are trusted besides the system's. */
    readonly ca?: string;
  }
  /** An address passes when it takes a TCP connection. */
  | { readonly kind: "tcp"; readonly address: Address };

/** The question of a check as it is configured. */
export type CheckProbe =
  | Extract<Probe, { kind: "cmd" }> & {
    /** The command as the file has it, with its references: their values may be secret. */
    readonly written: string;
  }
  | Exclude<Probe, { kind: "cmd" }>;

/** A check of the service (`legion-check`): while it fails the node is not fit to be lord. */
export interface Check extends Place {
  /** The check's name, for log and status. */
  readonly name: string;
  /** The question put to the service at each run. */
  readonly probe: CheckProbe;
  /** The time from the beginning of one run to that of the next, in milliseconds. */
  readonly intervalMs: number;
  /** The time after which a run has failed, in milliseconds. */
  readonly timeoutMs: number;
  /** How many runs in a row must succeed for a failing check to pass. */
  readonly rise: number;
  /** How many runs in a row must fail for a passing check to fail. */
  readonly fall: number;
  /** Whether it asks if this server is the leader of others: all but one fail then, and are well. */
  readonly leader: boolean;
}

/** The last result of a check, as a node remembers it across a restart of its process. */
export interface RememberedCheck {
  /** The check's name. */
  readonly name: string;
  /** The kind of its question. */
  readonly kind: Probe["kind"];
  /** The result. */
  readonly state: "passing" | "failing";
  /** Since when the check was in that state, in milliseconds since 1970. */
  readonly sinceWallMs: number;
  /** The output of the last run, at most 200 characters. */
  readonly output: string;
}

/** The status of a check of the service (`legion-check`). */
export interface CheckStats {
  /** The check's name. */
  readonly name: string;
  /** The kind of its question. */
  readonly kind: Probe["kind"];
  /** The line of the configuration. */
  readonly line: number;
  /**
   * The result of the last runs. `pending`: not passed yet since the start, which counts as
   * failing.
   */
  readonly state: "pending" | "passing" | "failing";
  /** Since when the check is in that state, in wall clock seconds. */
  readonly since: number;
  /** The output of the last run, at most 200 characters; empty before the first has ended. */
  readonly output: string;
  /** How many runs have ended. */
  readonly runs: number;
}
