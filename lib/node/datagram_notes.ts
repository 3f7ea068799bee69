import type { Address } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { errorMessage } from "../base/error_message.ts";
import type { EventLevel } from "../base/log_level.ts";
import { formatAddress } from "../config/address.ts";
import type { Announcement } from "../legion/announcement.ts";
import { DatagramError } from "../legion/datagram_error.ts";
import { Drops } from "./drops.ts";
import { Losses, type Sender } from "./losses.ts";
import { NodesHeard } from "./nodes_heard.ts";

/**
 * Notes which datagrams were dropped or could not be sent, for the log and the status, and how the
 * voters were heard last.
 */
export class DatagramNotes {
  /** The counts of dropped datagrams. */
  readonly drops = new Drops();
  readonly #unsent = new Drops();
  /** The announcements of nodes with a lease, where legion-lease is off here. */
  readonly #leased = new Drops();
  /** The voters, as they were heard last. */
  readonly nodes: NodesHeard;
  /** The datagrams that were lost since, in either direction. */
  readonly losses: Losses;
  readonly #clock: Clock;
  readonly #log: (level: EventLevel, message: string) => void;

  /**
   * Begins without notes.
   *
   * @param voters the listed nodes, `host:port` in normal form
   */
  constructor(
    voters: readonly string[],
    { clock, log }: { clock: Clock; log: (level: EventLevel, message: string) => void },
  ) {
    this.nodes = new NodesHeard(voters);
    this.losses = new Losses(voters);
    this.#clock = clock;
    this.#log = log;
  }

  /** Goes by another list of voters from now on, and forgets those that are no longer listed. */
  reconfigure(voters: readonly string[]): void {
    this.nodes.reconfigure(voters);
    this.losses.reconfigure(voters);
  }

  /**
   * Notes what a node has said; those that are no voters are passed over, since senders can be made
   * up.
   *
   * @param from the source address, `host:port` in normal form
   */
  hear(said: Announcement, from: string): void {
    const voter = this.nodes.hear(said, from, this.#clock.now());
    if (voter !== undefined) this.losses.heard(voter);
  }

  /**
   * Notes a datagram that was dropped, and why.
   *
   * @param said the words of the sender, where these could be read
   */
  dropped(from: Address, error: unknown, said?: Sender): void {
    if (error instanceof DatagramError) this.losses.dropped(from, error, this.#clock.now(), said);
    const reason = error instanceof DatagramError ? error.reason : "internal";
    const why = errorMessage(error);
    // With another IV only the first bytes are garbled, so that it may decrypt and say nothing.
    const isGarbled = reason === "malformed" || reason === "size";
    const hint = isGarbled ? ": another secret, IV or cipher than ours?" : "";
    const message = `dropped a datagram from ${formatAddress(from)}: ${why}${hint}`;
    if (this.#isNews(this.drops, reason, from)) this.#log("warn", message);
  }

  /** Notes a datagram that could not be sent, and why. */
  unsent(to: Address, reason: string): void {
    this.losses.unsentTo(to, reason, this.#clock.now());
    const message = `cannot send to ${formatAddress(to)}: ${reason}`;
    if (this.#isNews(this.#unsent, reason, to)) this.#log("warn", message);
  }

  /** Notes a node with a lease, where legion-lease is off here (LEASE.md, rule 1). */
  leased(name: string, from: Address): void {
    if (!this.#isNews(this.#leased, "leased", from)) return;
    this.#log(
      "error",
      `legion-lease is off here, and not at ${name}: where it is on, this node is ignored`,
    );
  }

  // Counted by host: the port of a sender may change with every datagram.
  #isNews(drops: Drops, reason: string, { host }: Address): boolean {
    return drops.count(reason, host, this.#clock.now().monotonicMs);
  }
}
