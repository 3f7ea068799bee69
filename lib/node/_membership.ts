import type { Clock } from "../base/clock.ts";
import type { EventLevel } from "../base/log_level.ts";
import type { Address } from "../base/address.ts";
import { formatAddress } from "../config/address.ts";

/** The means to be a member of a multicast group. */
export interface MembershipOptions {
  /** The socket that hears the group, its own datagrams among what comes. */
  readonly socket: Deno.DatagramConn;
  /** The group. */
  readonly group: Address;
  /** The time to live of datagrams to the group; undefined: the system's, 1. */
  readonly ttl?: number;
  /** The clock that tells when to look whether a datagram came back. */
  readonly clock: Clock;
  /** Takes the lines for the log. */
  readonly log: (level: EventLevel, message: string) => void;
}

// How long a datagram may take to come back to this node, in milliseconds.
const patienceMs = 1_000;

/**
 * The membership of a socket in a multicast group. The system forgets a membership when its
 * interface goes, and does not say so: the socket is deaf from then on. A member hears its own
 * datagrams, so that one which does not come back shows the loss; the group is then joined anew, on
 * the interface that leads to it now.
 */
export class Membership {
  readonly #options: MembershipOptions;
  #member?: { leave(): Promise<void> };
  /** The datagram that is waited for; undefined: none is. */
  #awaited?: Uint8Array;
  #cancel = () => {};
  #joining: Promise<void> = Promise.resolve();
  #deaf = false;

  /** Joins nothing yet. */
  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** Joins the group on the interface that the system picks. @throws Error when none leads there */
  async join(): Promise<void> {
    const { socket, group: { host }, ttl } = this.#options;
    if (host.includes(":")) {
      this.#member = await socket.joinMulticastV6(host, 0);
      return;
    }
    const member = await socket.joinMulticastV4(host, "0.0.0.0");
    this.#member = member;
    if (ttl !== undefined) await member.setTTL(ttl);
  }

  /** Must be called when a datagram is sent to the group. */
  sent(datagram: Uint8Array): void {
    if (this.#awaited !== undefined) return;
    this.#awaited = datagram;
    const { clock } = this.#options;
    const dueMs = clock.now().monotonicMs + patienceMs;
    this.#cancel = clock.at(dueMs, () => this.#missed(clock.now().monotonicMs - dueMs));
  }

  /** Must be called when a datagram has come. */
  heard(datagram: Uint8Array): void {
    if (this.#awaited === undefined || !isSame(datagram, this.#awaited)) return;
    this.#cancel();
    this.#awaited = undefined;
    if (this.#deaf) this.#options.log("info", `${this.#name} is heard again`);
    this.#deaf = false;
  }

  /** Ends; resolves when nothing is asked of the socket any more. */
  async close(): Promise<void> {
    this.#cancel();
    await this.#joining;
  }

  get #name(): string {
    return `the group ${formatAddress(this.#options.group)}`;
  }

  #missed(lateMs: number): void {
    this.#awaited = undefined;
    // A process that slept has not read its socket yet.
    if (lateMs > patienceMs) return;
    if (!this.#deaf) {
      this.#options.log("warn", `${this.#name} is not heard: it is joined anew until it is`);
    }
    this.#deaf = true;
    this.#joining = this.#joinAnew();
  }

  async #joinAnew(): Promise<void> {
    // The system still counts the membership, and would refuse a second one. Both fail as long as
    // no interface leads to the group: the next datagram tries again.
    await this.#member?.leave().catch(() => {});
    await this.join().catch(() => {});
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
