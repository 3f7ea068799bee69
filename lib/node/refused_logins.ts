import type { AccountGuard } from "../move/account_guard.ts";
import type { KeptAddress } from "../move/provider.ts";
import type { RememberedRefusal } from "./memory/memory.ts";

/** A login that is refused for good. */
export interface RefusedLogin extends RememberedRefusal {
  /** The reason in a sentence, without any secret. */
  readonly why: string;
}

/** The logins for these addresses that are refused for good, one for each account. */
export function refusedLogins(
  addresses: readonly KeptAddress[],
  guard: AccountGuard,
): RefusedLogin[] {
  const refused = addresses.filter(({ account }) => guard.isRefused(account));
  const accounts = Map.groupBy(refused, ({ account }) => account);
  return [...accounts.values()].map((of) => {
    const [{ name: provider, title, account }] = of;
    const ips = of.map(({ ip }) => ip);
    const login = `the login for ${ips.join(" and ")}`;
    const why = `the ${title} refuses ${login}: correct it, then: failover resume`;
    return { provider, ips, failedWallMs: guard.refusedMs(account)!, why };
  });
}

/** Has the guard know of logins for these addresses that were refused before a restart of the node. */
export function recallRefused(
  logins: readonly RememberedRefusal[],
  addresses: readonly KeptAddress[],
  guard: AccountGuard,
): void {
  for (const { account, name, ip } of addresses) {
    const of = logins.find(({ provider, ips }) => provider === name && ips.includes(ip));
    if (of !== undefined) guard.hasFailed(account, of.failedWallMs);
  }
}
