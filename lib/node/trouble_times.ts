import type { Instant } from "../legion/effects.ts";
import type { NodeStats, NodeTroubleKind } from "../status/node_stats.ts";

// Between a start and the first datagrams each node seems to be amiss: these have to last for a
// moment to be told.
const briefKinds: readonly NodeTroubleKind[] = [
  "silent",
  "never heard",
  "not heard by us",
  "does not hear us",
];

/**
 * Remembers since when each node has each of its troubles, where the trouble itself does not tell.
 * The times are as exact as the looks are frequent.
 */
export class TroubleTimes {
  /** Since when, monotonic, by node and kind; those that there are now. */
  #since: ReadonlyMap<string, number> = new Map();

  /**
   * Fills in since when there are troubles; those that may be of a moment are left out.
   *
   * @param roster the nodes, with 0 for a time that is not known
   * @param briefMs the time for which a trouble may be of a moment, in milliseconds
   */
  look(
    roster: readonly NodeStats[],
    { monotonicMs, wallMs }: Instant,
    briefMs: number,
  ): NodeStats[] {
    const before = this.#since;
    const since = new Map<string, number>();
    const timed = roster.map((node) => ({
      ...node,
      troubles: node.troubles.flatMap((trouble) => {
        if (trouble.since > 0) return [trouble];
        const key = `${node.node} ${trouble.kind}`;
        const sinceMs = before.get(key) ?? monotonicMs;
        since.set(key, sinceMs);
        const lastsMs = monotonicMs - sinceMs;
        if (lastsMs < briefMs && briefKinds.includes(trouble.kind)) return [];
        return [{ ...trouble, since: Math.floor((wallMs - lastsMs) / 1000) }];
      }),
    }));
    this.#since = since;
    return timed;
  }
}
