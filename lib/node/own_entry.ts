import type { Clock } from "../base/clock.ts";
import type { LegionConfig } from "../config/config.ts";
import { type Voters, votersOf } from "../config/voters.ts";

/** The means to look for this node's own entry. */
export interface OwnEntryOptions {
  /** The clock that tells when to look again. */
  readonly clock: Clock;
  /** The addresses of this machine; may throw where the system does not tell them. */
  readonly localHosts: () => readonly string[];
  /** Called when the own entry has been found. */
  readonly found: (voters: Voters) => void;
}

// The time between two looks, in milliseconds.
const pauseMs = 1_000;

/**
 * The look for this node's own entry in the list of voters, each second as long as it is not known:
 * a node that listens on all addresses knows it by an address of this machine, which may come later
 * than the node.
 */
export class OwnEntry {
  readonly #options: OwnEntryOptions;
  #cancel = () => {};

  /** Does nothing yet. */
  constructor(options: OwnEntryOptions) {
    this.#options = options;
  }

  /** Looks for the entry that this configuration lacks, and for no other from now on. */
  seek(config: LegionConfig): void {
    this.#cancel();
    if (config.node !== undefined || config.voters.length === 0) return;
    const { clock, found } = this.#options;
    const look = () => {
      const voters = this.#votersOf(config);
      if (voters?.node === undefined) this.#cancel = later();
      else found(voters);
    };
    const later = () => clock.at(clock.now().monotonicMs + pauseMs, look);
    this.#cancel = later();
  }

  /** Looks no more. */
  close(): void {
    this.#cancel();
  }

  #votersOf(config: LegionConfig): Voters | undefined {
    try {
      return votersOf(config, this.#options.localHosts);
    } catch {
      // The machine's addresses may be told the next time.
      return undefined;
    }
  }
}
