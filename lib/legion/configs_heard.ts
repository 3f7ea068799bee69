import type { Member } from "./membership.ts";
import type { Notes } from "./notes.ts";
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
  /** The rank that the node was last heard with, 0 while it stood back; undefined: not known. */
  readonly valor?: number;
}

/** Two processes that lived at one time and said that they are the same node. */
export interface Doubles {
  /** The node, `host:port`. */
  readonly node: string;
  /** The names of both. */
  readonly names: readonly string[];
  /** The uuids of both. */
  readonly uuids: readonly string[];
}

/** A process that has been heard, or this one. */
export interface Heard {
  /** The node that it says it is, `host:port`. */
  readonly node?: string;
  /** Its name. */
  readonly name: string;
  /** Its uuid. */
  readonly uuid: string;
  /** When it was heard first, monotonic. */
  readonly joinedMs: number;
  /** When it was heard last, monotonic. */
  readonly heardMs: number;
}

// Doubles come from a mistake: a few are enough to tell of it.
const maxDoubles = 8;

/**
 * The lists and quorums that the listed nodes announce, remembered also while a node is silent
 * (LEASE.md, rule 10).
 */
export class ConfigsHeard {
  readonly #byNode = new Map<string, ConfigHeard>();
  #doubles: readonly Doubles[] = [];
  #revision = 0;

  /** Goes on with what the last process of this node had heard (LEASE.md, rule 12). */
  remember({ configs, doubles }: Pick<Notes, "configs" | "doubles">): void {
    for (const { node, ...heard } of configs) this.#byNode.set(node, heard);
    this.#doubles = doubles;
  }

  /** A number that changes whenever other things are to be noted. */
  get revision(): number {
    return this.#revision;
  }

  /** All that is to be noted (LEASE.md, rule 12). */
  get noted(): Pick<Notes, "configs" | "doubles"> {
    const configs = [...this.#byNode].map(([node, heard]) => ({ ...heard, node }));
    return { configs, doubles: this.#doubles };
  }

  /** Takes in what the voters say; nodes that are no longer listed are forgotten. */
  note({ members }: Voters, voters: readonly string[], nowMs: number): void {
    const listed = new Set(voters);
    for (const node of this.#byNode.keys()) {
      if (!listed.has(node) && this.#byNode.delete(node)) this.#revision++;
    }
    for (const [node, { valor, said: { config, binds, name } }] of members) {
      const before = this.#byNode.get(node);
      const sinceMs = before?.config === config ? before.sinceMs : nowMs;
      const bindsMs = Math.max(binds, before?.bindsMs ?? 0);
      const isSame = before?.config === config && before.bindsMs === bindsMs &&
        before.name === name && before.valor === valor;
      if (isSame) continue;
      this.#revision++;
      this.#byNode.set(node, { name, config, sinceMs, bindsMs, valor });
    }
  }

  /** The list and quorum of a node; undefined: the node has not been heard. */
  of(node: string): ConfigHeard | undefined {
    return this.#byNode.get(node);
  }

  /**
   * Whether a node had a lower rank when it was heard last. Of one that had none nothing is known: it
   * may only have stood back.
   */
  isBelow(node: string, valor: number): boolean {
    const { valor: last = 0 } = this.#byNode.get(node) ?? {};
    return last > 0 && last < valor;
  }

  /**
   * Takes in that a member is silent, and not gone. Where another process has spoken for the same
   * node beside it, and not just after it as a restarted one does, both may be alive and parted:
   * nothing can be said of the lease before one of them takes leave.
   *
   * @param silent the member
   * @param others all that may be its double, this node among them
   */
  silent(silent: Member, others: Iterable<Heard>): void {
    const { node } = silent.said;
    if (node === "" || this.#doubles.some((known) => known.uuids.includes(silent.uuid))) return;
    for (const other of others) {
      if (other.node !== node || other.uuid === silent.uuid) continue;
      const fromMs = Math.max(silent.joinedMs, other.joinedMs);
      if (Math.min(silent.heardMs, other.heardMs) < fromMs) continue;
      const names = [silent.name, other.name];
      const doubles = { node, names, uuids: [silent.uuid, other.uuid] };
      this.#revision++;
      this.#doubles = [...this.#doubles, doubles].slice(-maxDoubles);
      return;
    }
  }

  /** Takes in that a process goes on under another uuid. */
  renewed(was: string, uuid: string): void {
    if (!this.#doubles.some(({ uuids }) => uuids.includes(was))) return;
    this.#revision++;
    this.#doubles = this.#doubles.map((double) => {
      return { ...double, uuids: double.uuids.map((each) => each === was ? uuid : each) };
    });
  }

  /** Takes in that a process has taken leave. */
  gone(uuid: string): void {
    if (!this.#doubles.some(({ uuids }) => uuids.includes(uuid))) return;
    this.#revision++;
    this.#doubles = this.#doubles.filter(({ uuids }) => !uuids.includes(uuid));
  }

  /** The nodes that may be two processes. */
  get doubled(): readonly string[] {
    return this.#doubles.map(({ node }) => node);
  }

  /** The processes of which two may both be alive and say that they are the same node. */
  get doubles(): readonly Doubles[] {
    return this.#doubles;
  }

  /** The longest time that a node's promise was heard to bind, in milliseconds; 0: none was heard. */
  get longestMs(): number {
    return Math.max(0, ...this.#byNode.values().map(({ bindsMs }) => bindsMs));
  }
}
