import type { Voters } from "./voters.ts";

/** The list and quorum that a listed node was last heard to have. */
export interface ConfigHeard {
  /** The node's host name. */
  readonly name: string;
  /** The mark of its list and quorum (LEASE.md, "On the wire"). */
  readonly config: string;
  /** Since when the node has been heard with that mark, monotonic. */
  readonly sinceMs: number;
  /** The longest time that the node's promises were heard to bind, in milliseconds. */
  readonly bindsMs: number;
}

/**
 * The lists and quorums that the listed nodes announce, remembered also while a node is silent
 * (LEASE.md, rule 10).
 */
export class ConfigsHeard {
  readonly #byNode = new Map<string, ConfigHeard>();

  /** Takes in what the voters say; nodes that are no longer listed are forgotten. */
  note({ members }: Voters, voters: readonly string[], nowMs: number): void {
    for (const node of this.#byNode.keys()) if (!voters.includes(node)) this.#byNode.delete(node);
    for (const [node, { said: { config, binds, name } }] of members) {
      const before = this.#byNode.get(node);
      const sinceMs = before?.config === config ? before.sinceMs : nowMs;
      const bindsMs = Math.max(binds, before?.bindsMs ?? 0);
      this.#byNode.set(node, { name, config, sinceMs, bindsMs });
    }
  }

  /** The list and quorum of a node; undefined: the node has not been heard. */
  of(node: string): ConfigHeard | undefined {
    return this.#byNode.get(node);
  }

  /** The longest time that a node's promise was heard to bind, in milliseconds; 0: none was heard. */
  get longestMs(): number {
    return Math.max(0, ...this.#byNode.values().map(({ bindsMs }) => bindsMs));
  }
}
