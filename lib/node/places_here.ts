import type { EventLevel } from "../base/log_level.ts";
import { isLoopback } from "../base/loopback.ts";
import type { LegionConfig } from "../config/config.ts";
import { type Misplaced, misplacedWarning, missingHere } from "./misplaced.ts";

// The least time between two looks, in milliseconds: a look takes a third of one.
const paceMs = 1_000;

/** The parts of {@link PlacesHere}. */
export interface PlacesHereOptions {
  /** The addresses of this machine now; undefined: they are not looked at. */
  readonly localHosts?: () => readonly string[];
  /** Writes an event. */
  readonly log: (level: EventLevel, message: string) => void;
}

/**
 * Knows which addresses of the lord hooks are on no interface of this server, and logs when one goes
 * or comes. A lord without its address gets the traffic and does not answer.
 */
export class PlacesHere {
  readonly #options: PlacesHereOptions;
  #lookedMs = -Infinity;
  #config?: LegionConfig;
  #missing: readonly Misplaced[] = [];

  /** Has not looked yet. */
  constructor(options: PlacesHereOptions) {
    this.#options = options;
  }

  /**
   * Looks, at most once a second and after a change of the configuration.
   *
   * @param nowMs the monotonic clock, in milliseconds
   * @returns the addresses that are missing now
   */
  look(config: LegionConfig, nowMs: number): readonly Misplaced[] {
    const { localHosts, log } = this.#options;
    // All servers of a legion on loopback are this one, as in `failover demo`.
    if (localHosts === undefined || isLoopback(config.address.host)) return [];
    if (config === this.#config && nowMs - this.#lookedMs < paceMs) return this.#missing;
    const before = this.#missing;
    this.#missing = missingHere({ legions: [config] }, localHosts());
    this.#lookedMs = nowMs;
    this.#config = config;
    const isAmong = ({ why }: Misplaced, all: readonly Misplaced[]) =>
      all.some((other) => other.why === why);
    for (const one of this.#missing) {
      if (!isAmong(one, before)) log("warn", misplacedWarning(one));
    }
    for (const one of before) {
      if (!isAmong(one, this.#missing)) log("info", `no longer so: ${one.why}`);
    }
    return this.#missing;
  }
}
