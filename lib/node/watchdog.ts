import type { Clock } from "../base/clock.ts";

/** What a watchdog watches, and whom it tells. */
export interface WatchdogOptions {
  /** How often the service manager wants to hear that all is well; undefined: never. */
  readonly watchdogMs?: number;
  readonly clock: Clock;
  /** How late the latest of the timers is that ought to have run, in milliseconds. */
  readonly overdueMs: () => number;
  /** All is well. */
  readonly feed: () => void;
  readonly warn: (message: string) => void;
}

/**
 * Feeds the service manager's watchdog at half of its time, as long as the legions' timers are on
 * time: a loop that hangs feeds nobody, and neither does one that has lost a legion on the way. The
 * service manager then starts the node again.
 *
 * @returns what ends it
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
    // After a stop of the whole process the timers come late once, in any order.
    const soonMs = isLate ? halfMs / 10 : halfMs;
    cancel = clock.at(clock.now().monotonicMs + soonMs, look);
  };
  look();
  return () => cancel();
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
