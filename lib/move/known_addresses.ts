import { isAddress } from "../base/ip_address.ts";

/** A name and the address that was its last good one. */
export interface KnownAddress {
  /** The name, in small letters. */
  readonly name: string;
  /** The IP address. */
  readonly address: string;
}

// One a provider and a proxy; more are no longer wanted by anybody.
const most = 16;

// No name is longer (RFC 1035, 2.3.4), and no file makes one so.
const longestName = 255;

/** The last good address of each name, so that a takeover does not wait for a dead name server. */
export class KnownAddresses {
  readonly #addresses = new Map<string, string>();
  /** Called with all that is known when that has changed. */
  onChange: (all: readonly KnownAddress[]) => void = () => {};

  /**
   * Takes over what an earlier process knew, where nothing newer is known.
   *
   * @param before from a file: what makes no sense is passed over
   */
  recall(before: readonly KnownAddress[]): void {
    for (const { name, address } of before.slice(-most)) {
      if (name.length > longestName || !isAddress(address)) continue;
      if (!this.#addresses.has(name)) this.#addresses.set(name, address);
    }
  }

  /** The last good address of a name, of this version of IP; undefined: none is known. */
  addressOf(name: string, family?: 4 | 6): string | undefined {
    const address = this.#addresses.get(name);
    const isRight = family === undefined || address?.includes(":") === (family === 6);
    return isRight ? address : undefined;
  }

  /** Notes an address that has just been a good one. */
  note(name: string, address: string): void {
    if (isAddress(name) || this.#addresses.get(name) === address) return;
    // The newest is the last, and the oldest goes.
    this.#addresses.delete(name);
    this.#addresses.set(name, address);
    for (const oldest of this.#addresses.keys()) {
      if (this.#addresses.size <= most) break;
      this.#addresses.delete(oldest);
    }
    this.onChange([...this.#addresses].map(([name, address]) => ({ name, address })));
  }
}

/**
 * The addresses behind which the right certificate was seen, and is to be seen again: a wrong one
 * does no harm. They are kept for the next process.
 */
export const verifiedAddresses = new KnownAddresses();

/** All others: a file that somebody else wrote could lead a password astray, so none is kept. */
export const unverifiedAddresses = new KnownAddresses();
