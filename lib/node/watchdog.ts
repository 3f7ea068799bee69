import type { Clock } from "../base/clock.ts";

/** The things a watchdog watches and calls. */
export interface WatchdogOptions {
  /**
   * How often the service manager wants to hear that all is well, in milliseconds; undefined:
   * never.
   */
  readonly watchdogMs?: number;
  /** The clock that times the looks. */
  readonly clock: Clock;
  /** How late the most overdue timer is, in milliseconds. */
  readonly overdueMs: () => number;
  /** Tells the service manager that all is well. */
  readonly feed: () => void;
  /** Takes a line for the log when timers are late. */
  readonly warn: (message: string) => void;
}

/**
 * Feeds the service manager's watchdog at half of its time, as long as the legions' timers are on
 * time. An event loop that hangs, or one that has lost a legion's timer, does not feed it, and the
 * service manager starts the node again.
 *
 * @returns a function that ends the watch
 */
export function keepWatch(options: WatchdogOptions): () => void {
  const { watchdogMs, clock, overdueMs, feed, warn } = options;
  if (watchdogMs === undefined) return () => {};
  const halfMs = watchdogMs / 2;
  let cancel = () => {};
  let wasLate = false;
  const look = () => {
    const lateMs = overdueMs();
    const isLate = lateMs >= halfMs;
    if (!isLate) feed();
    else if (!wasLate) warn(`a timer is ${seconds(lateMs)} s late: the watchdog is not fed`);
    wasLate = isLate;
    // After a stop of the whole process all timers come late once, in any order: a late look is
    // repeated soon.
    const soonMs = isLate ? halfMs / 10 : halfMs;
    cancel = clock.at(clock.now().monotonicMs + soonMs, look);
  };
  look();
  return () => cancel();
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
