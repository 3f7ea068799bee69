import { isAddress } from "../base/ip_address.ts";
import { within } from "../base/within.ts";
import type { KnownAddresses } from "./known_addresses.ts";
import { lookUp } from "./_look_up.ts";

// How long a name server is waited for where an address is known, in milliseconds.
const patienceMs = 1_000;

/** A name to be connected to. */
export interface Sought {
  /** The name, or an address: an IPv6 one without brackets. */
  readonly hostname: string;
  /** The only version of IP to connect over; either when left out. */
  readonly family?: 4 | 6;
  /** The addresses that were good before. */
  readonly known: Pick<KnownAddresses, "addressOf">;
  /** Looks a name up; tests put in another. */
  readonly lookUp?: typeof lookUp;
}

/** An address to try. */
export interface AddressToTry {
  /** The IP address. */
  readonly address: string;
  /** Whether the lookup has not told it: it may be another server's by now. */
  readonly isRemembered?: boolean;
}

/**
 * The addresses of a name, in the order in which to try them: those that are looked up now. Where that
 * fails, or takes longer than a second, the last good one comes first.
 *
 * @throws Error with the system's code, such as `ENOTFOUND`, when the name does not resolve
 * @throws the signal's reason when it is aborted
 */
export async function* addressesOf(
  { hostname, family, known, lookUp: ask = lookUp }: Sought,
  signal: AbortSignal,
): AsyncGenerator<AddressToTry> {
  if (isAddress(hostname)) return yield { address: hostname };
  const before = known.addressOf(hostname, family);
  const asked = ask(hostname, family, signal);
  if (before !== undefined && !await isInTime(asked)) {
    yield { address: before, isRemembered: true };
  }
  for (const address of await asked) yield { address };
}

/** Whether a lookup has an answer within a second; if not, it goes on. */
async function isInTime(asked: Promise<unknown>): Promise<boolean> {
  let is = false;
  await within(asked.then(() => is = true, () => {}), patienceMs);
  return is;
}
