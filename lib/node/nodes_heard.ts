import type { Announcement } from "../legion/announcement.ts";
import type { Instant } from "../legion/effects.ts";

/** A listed node, as it was heard last. */
export interface NodeHeard {
  /** The node's host name. */
  readonly name: string;
  /** The node's uuid. */
  readonly uuid: string;
  /** The node's rank. */
  readonly valor: number;
  /** The program that the node runs. */
  readonly kind: "failover" | "uwsgi";
  /** The version of the program; empty: not told. */
  readonly version: string;
  /**
   * How long the node's support bound when it gave one last, in milliseconds (LEASE.md, rule 4); 0:
   * not told.
   */
  readonly bindsMs: number;
  /** When the node was heard last, monotonic. */
  readonly heardMs: number;
  /** When the node was heard last, in wall clock milliseconds. */
  readonly heardWallMs: number;
  /** Whether the node has taken leave since. */
  readonly hasLeft: boolean;
}

/**
 * Remembers how each listed node was heard last, also after it has fallen silent. Others are passed
 * over, since senders can be made up.
 */
export class NodesHeard {
  /** The listed nodes, `host:port` in normal form. */
  #voters: ReadonlySet<string>;
  readonly #byNode = new Map<string, NodeHeard>();

  /**
   * Begins with nobody.
   *
   * @param voters the listed nodes, `host:port` in normal form
   */
  constructor(voters: readonly string[]) {
    this.#voters = new Set(voters);
  }

  /** Goes by another list from now on, and forgets the nodes that are no longer listed. */
  reconfigure(voters: readonly string[]): void {
    this.#voters = new Set(voters);
    for (const node of this.#byNode.keys()) if (!this.#voters.has(node)) this.#byNode.delete(node);
  }

  /** The listed nodes that have been heard. */
  get byNode(): ReadonlyMap<string, NodeHeard> {
    return this.#byNode;
  }

  /**
   * Takes in what a node said. A farewell counts if it is that of the process heard last: a node
   * whose rank changes says farewell under its former uuid.
   *
   * @param from the source address, `host:port` in normal form
   * @returns the listed node that it was; undefined: none
   */
  hear(said: Announcement, from: string, now: Instant): string | undefined {
    // Behind NAT a node is heard from another address than the listed one.
    const node = said.node || from;
    if (!this.#voters.has(node)) return undefined;
    const { name, uuid, valor, seq, binds, aside, dead } = said;
    const before = this.#byNode.get(node);
    if (dead && before?.uuid !== uuid) return undefined;
    this.#byNode.set(node, {
      name,
      uuid,
      valor,
      // A farewell has no seq.
      kind: dead ? before!.kind : seq > 0 ? "failover" : "uwsgi",
      version: aside?.version ?? "",
      // A node that supports nobody for a moment has not become another.
      bindsMs: binds || (before?.uuid === uuid ? before.bindsMs : 0),
      heardMs: now.monotonicMs,
      heardWallMs: now.wallMs,
      hasLeft: dead,
    });
    return node;
  }
}
