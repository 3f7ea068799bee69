import type { Sight } from "../legion/aside.ts";
import { isAt, type KeptAddress } from "../move/provider.ts";
import type { AddressSight } from "../move/context.ts";
import type { AddressStats } from "../status/address_stats.ts";

/** An address whose sights are kept: that of a provider, or one that a node has itself. */
export type SightedAddress = Pick<
  KeptAddress,
  "ip" | "name" | "wanted" | "same" | "serverName" | "isBlind"
>;

/** The difference of two ages that are told in whole seconds, and mean the same moment. */
const roundingSeconds = 1;

/**
 * The places where this node's failover addresses were last seen, by itself or by a lord that tells
 * it.
 */
export class Sights {
  readonly #name: string;
  readonly #now: () => number;
  readonly #stats = new Map<string, AddressStats>();
  #addresses: readonly SightedAddress[] = [];
  #hasLooked = false;

  /**
   * Has seen nothing yet, and knows of no address.
   *
   * @param name this node's host name
   * @param now the wall clock, in whole seconds since 1970
   */
  constructor(name: string, now: () => number) {
    this.#name = name;
    this.#now = now;
  }

  /** Whether this node itself has asked a provider for an address, be it without an answer. */
  get hasLooked(): boolean {
    return this.#hasLooked;
  }

  /** The addresses of the configuration, in its order, each with its last sight. */
  get all(): readonly AddressStats[] {
    return [...this.#stats.values()];
  }

  /** Goes by the addresses of another configuration, and forgets those that it has not. */
  keepOnly(addresses: readonly SightedAddress[]): void {
    this.#addresses = addresses;
    const known = new Map(this.#stats);
    this.#stats.clear();
    for (const address of addresses) {
      const { ip, name: provider } = address;
      if (this.#stats.has(ip)) continue;
      const wanted = address.serverName(address.wanted);
      this.#stats.set(ip, { ...known.get(ip) ?? never(ip), wanted, provider });
    }
  }

  /**
   * Takes note of this node's own sight of an address. A look that failed keeps where the address
   * last pointed; one that did not ends the problem of the one before.
   */
  seen(sight: AddressSight): void {
    this.#hasLooked = true;
    this.held(sight);
  }

  /** As {@link Sights.seen}, for an address that no provider is asked about. */
  held({ provider, ip, wanted, pointsTo, problem = "" }: AddressSight): void {
    const before = this.#stats.get(ip);
    // A hook that runs on after a reload may move an address that is gone.
    if (before === undefined) return;
    const about = { ...before, wanted, provider, problem };
    const place = pointsTo === undefined ? {} : this.#place(pointsTo, this.#name, this.#now());
    this.#stats.set(ip, { ...about, ...place });
  }

  /**
   * Takes note of where a lord says that it saw an address. Passed over: an address that this node
   * does not have, and a sight older than the one that is known. The problem of this node's own last
   * look stays: only an answer to itself ends it.
   *
   * @param by the name of the lord
   */
  heard({ ip, where, ageSeconds }: Sight, by: string): void {
    const address = this.#addresses.find((address) => address.same(address.ip, ip));
    if (address === undefined) return;
    const seen = this.#now() - ageSeconds;
    const wanted = address.serverName(address.wanted);
    const to = isAt(address, where, wanted) ? wanted : where;
    const known = { ...this.#stats.get(address.ip)!, wanted };
    if (!this.#isNews(known, { seen, to, by })) return;
    this.#stats.set(address.ip, { ...known, ...this.#place(to, by, seen) });
  }

  /**
   * Takes note that a node has become lord: where others saw an address before may be old. Where no
   * look tells of an address, the trouble of this node's takeover is over once another is lord.
   */
  lord(name: string): void {
    const blind = this.#addresses.filter(({ isBlind }) => isBlind).map(({ ip }) => ip);
    for (const [ip, known] of this.#stats) {
      const isOver = name !== this.#name && blind.includes(ip);
      const stats = isOver ? { ...known, problem: "" } : known;
      this.#stats.set(ip, stats);
      if (stats.seen === 0 || stats.seen_by === name) continue;
      this.#stats.set(ip, { ...stats, taken_over_by: name });
    }
  }

  /** Whether a sight that is told is newer than what is known, as far as whole seconds tell. */
  #isNews(
    { seen: before, points_to, seen_by }: AddressStats,
    { seen, to, by }: { readonly seen: number; readonly to: string | null; readonly by: string },
  ): boolean {
    if (seen_by === by && points_to === to) return seen > before + roundingSeconds;
    // A time in the future shows that the wall clock was set back.
    return seen >= before - roundingSeconds || before > this.#now();
  }

  #place(to: string | null, by: string, seen: number) {
    return { points_to: to, active_server_ip: to, seen, seen_by: by, taken_over_by: "" };
  }
}

function never(ip: string): AddressStats {
  const place = { points_to: null, active_server_ip: null, seen: 0 };
  return { ip, wanted: "", provider: "", ...place, seen_by: "", taken_over_by: "", problem: "" };
}
