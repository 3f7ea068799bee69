import type { Announcement } from "../legion/announcement.ts";
import type { Aside, Sight } from "../legion/aside.ts";
import type { Reason } from "../legion/reason.ts";
import type { AddressStats } from "../status/address_stats.ts";

/** The things that an aside is made of. */
export interface AsideSources {
  /** The reasons for which this node stands back. */
  readonly reasons: readonly Reason[];
  /** The failover addresses, as last seen. */
  readonly addresses: readonly AddressStats[];
  /** This node's host name. */
  readonly name: string;
  /** The wall clock, in milliseconds since 1970. */
  readonly wallMs: number;
}

/** Tells people at the other nodes of this one (LEASE.md, "On the wire"). */
export class OwnAside {
  readonly #version: string;
  /** The address whose sight was told last. */
  #told = "";

  /**
   * Has told nothing yet.
   *
   * @param version the version of this program
   */
  constructor(version: string) {
    this.#version = version;
  }

  /**
   * Adds the aside to an announcement. A lord tells where it saw its addresses, one a datagram, each
   * in turn. An announcement without the pairs of the lease goes as it came.
   */
  addTo(announcement: Announcement, sources: AsideSources): Announcement {
    const { seq, lord } = announcement;
    if (seq === 0) return announcement;
    const back = [...new Set(sources.reasons.map(({ kind }) => kind))];
    const sight = lord > 0 ? this.#nextSight(sources) : undefined;
    const aside: Aside = { version: this.#version, back, ...sight && { sight } };
    return { ...announcement, aside };
  }

  /** The sight of the address after the one told last; those that others saw are not passed on. */
  #nextSight({ addresses, name, wallMs }: AsideSources): Sight | undefined {
    const seen = addresses.filter(({ seen, seen_by }) =>
      seen > 0 && (seen_by === "" || seen_by === name)
    );
    const after = seen.findIndex(({ ip }) => ip === this.#told) + 1;
    const next = seen[after] ?? seen[0];
    if (next === undefined) return undefined;
    this.#told = next.ip;
    return { ip: next.ip, where: next.points_to, ageSeconds: wallMs / 1000 - next.seen };
  }
}
