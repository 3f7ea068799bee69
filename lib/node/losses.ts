import { normalHost } from "../base/ip_address.ts";
import type { Address } from "../base/address.ts";
import { normalAddress } from "../config/address.ts";
import type { Announcement } from "../legion/announcement.ts";
import type { DatagramError, DropReason } from "../legion/datagram_error.ts";
import type { Instant } from "../legion/effects.ts";

/** The words by which the sender of a datagram says who it is. */
export type Sender = Pick<Announcement, "node" | "name">;

/** Datagrams from one node that were dropped for one reason, one after the other. */
export interface Drop {
  /** The reason. */
  readonly reason: DropReason;
  /** The reason in words, as for the log. */
  readonly why: string;
  /** The source address of the last of them, `host:port`. */
  readonly from: string;
  /** The name of the sender, where that could be read; empty: it could not. */
  readonly name: string;
  /** When the first of them came, in wall clock milliseconds. */
  readonly sinceWallMs: number;
  /** When the last of them came, monotonic. */
  readonly lastMs: number;
  /** How far the sender's clock was ahead of this node's, in seconds; undefined: not known. */
  readonly aheadSeconds?: number;
}

/** A datagram to a node that could not be sent. */
export interface Unsent {
  /** The reason, by the system's word. */
  readonly reason: string;
  /** When that was, monotonic. */
  readonly lastMs: number;
}

// The most senders to remember that are no listed node's: a few are enough to tell of them, and
// senders can be forged.
const maxStrangers = 8;

// The longest time between two that were dropped one after the other, in milliseconds.
const seriesMs = 60_000;

/**
 * The datagrams that were lost since each listed node was heard last: dropped on their way in, or not
 * sent. So it can be told why a node is not heard.
 */
export class Losses {
  /** The listed nodes, `host:port` in normal form. */
  #listed: ReadonlySet<string>;
  /** The same by their host. */
  #byHost: ReadonlyMap<string, readonly string[]>;
  readonly #drops = new Map<string, Drop>();
  readonly #strangers = new Map<string, Drop>();
  readonly #unsent = new Map<string, Unsent>();

  /**
   * Begins without losses.
   *
   * @param voters the listed nodes, `host:port` in normal form
   */
  constructor(voters: readonly string[]) {
    this.#listed = new Set(voters);
    this.#byHost = byHost(voters);
  }

  /** Goes by another list from now on, and forgets what concerns nodes that are no longer listed. */
  reconfigure(voters: readonly string[]): void {
    this.#listed = new Set(voters);
    this.#byHost = byHost(voters);
    for (const nodes of [this.#drops, this.#unsent]) {
      for (const node of nodes.keys()) if (!this.#listed.has(node)) nodes.delete(node);
    }
  }

  /** The datagrams of listed nodes that were dropped since the node was heard last. */
  get drops(): ReadonlyMap<string, Drop> {
    return this.#drops;
  }

  /** The datagrams that were dropped of the latest few hosts that are no listed node's. */
  get strangers(): ReadonlyMap<string, Drop> {
    return this.#strangers;
  }

  /** The listed nodes to which a datagram could not be sent. */
  get unsent(): ReadonlyMap<string, Unsent> {
    return this.#unsent;
  }

  /** Takes in that a listed node has been heard: the losses before that no longer matter. */
  heard(node: string): void {
    this.#drops.delete(node);
  }

  /**
   * Takes in that a datagram was dropped.
   *
   * @param from its source address, which can be forged
   * @param said the words of the sender, where these could be read
   */
  dropped(
    from: Address,
    { reason, message, aheadSeconds }: DatagramError,
    now: Instant,
    said?: Sender,
  ): void {
    const of = this.#nodeOf(from, said?.node ?? "");
    const drops = of === undefined ? this.#strangers : this.#drops;
    const key = of ?? normalHost(from.host);
    const before = drops.get(key);
    const { monotonicMs: lastMs, wallMs } = now;
    const goesOn = before?.reason === reason && lastMs - before.lastMs <= seriesMs;
    const sinceWallMs = goesOn ? before.sinceWallMs : wallMs;
    // A new entry goes last, so that the oldest are forgotten first.
    drops.delete(key);
    const sender = { from: normalAddress(from), name: said?.name ?? "" };
    drops.set(key, { reason, why: message, ...sender, sinceWallMs, lastMs, aheadSeconds });
    if (this.#strangers.size > maxStrangers) {
      const [oldest] = this.#strangers.keys();
      this.#strangers.delete(oldest);
    }
  }

  /** Takes in that a datagram could not be sent. */
  unsentTo(to: Address, reason: string, { monotonicMs: lastMs }: Instant): void {
    const node = normalAddress(to);
    if (this.#listed.has(node)) this.#unsent.set(node, { reason, lastMs });
  }

  /** The listed node that a datagram came from; undefined: none, or more than one may have sent it. */
  #nodeOf(from: Address, said: string): string | undefined {
    if (this.#listed.has(said)) return said;
    const nodes = this.#byHost.get(normalHost(from.host)) ?? [];
    // The port of a sender may be another than the one it listens on.
    return nodes.find((node) => node === normalAddress(from)) ??
      (nodes.length === 1 ? nodes[0] : undefined);
  }
}

function byHost(voters: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(
    voters,
    (voter) => voter.slice(0, voter.lastIndexOf(":")).replace(/^\[|\]$/g, ""),
  );
}
