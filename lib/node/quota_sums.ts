import type { Place } from "../base/place.ts";
import type { Config } from "../config/config.ts";
import { reservedLooks } from "../move/look_count.ts";
import type { Quota } from "../move/provider.ts";
import { addressesIn, type ConfiguredAddress } from "./addresses_in.ts";

/**
 * The requests that the nodes of a configuration send to a provider with one account, as far as the
 * configuration tells. Other configurations and other programs may use the same account.
 */
export interface QuotaSum {
  /** The provider's name in a sentence, after "the". */
  readonly title: string;
  /** The requests that the account has. */
  readonly quota: Quota;
  /** The place of the first hook with the account. */
  readonly place: Place;
  /** The looks of the lords in an hour, rounded up: all other nodes look at their start alone. */
  readonly looks: number;
  /** The looks that are kept for a takeover. */
  readonly reserved: number;
  /** The number of addresses. */
  readonly addresses: number;
  /** The requests for a switch where each node is lord once. */
  readonly moves: number;
  /** The number of nodes, of the legion with the most; 1 where they are not listed. */
  readonly nodes: number;
}

/** The sums of all accounts of a configuration that have a quota. */
export function quotaSums(config: Pick<Config, "legions">): QuotaSum[] {
  const accounts = Map.groupBy(addressesIn(config), ({ address }) => address.account);
  return [...accounts.values()].flatMap((all) => {
    const [{ place, address: { title, quota, pace } }] = all;
    if (quota === undefined) return [];
    const addresses = new Set(all.map(({ address }) => address.ip)).size;
    return {
      title,
      quota,
      place,
      looks: Math.ceil(looksPerHour(all)),
      reserved: reservedLooks(quota, pace, addresses),
      addresses,
      moves: all.reduce((sum, one) => sum + nodesOf(one), 0),
      nodes: Math.max(...all.map(nodesOf)),
    };
  });
}

/** The quotas that are too small for a configuration, each in a sentence with file and line. */
export function quotaWarnings(config: Pick<Config, "legions">): string[] {
  return quotaSums(config).flatMap((sum) => {
    const { title, quota, place: { file, line }, looks, reserved, addresses, moves, nodes } = sum;
    const of = `${file}:${line}: the ${title} allows an account`;
    const some = addresses === 1 ? "one address" : `${addresses} addresses`;
    return [
      ...looks <= quota.looksPerHour - reserved ? [] : [
        `${of} ${quota.looksPerHour} looks an hour, of which a takeover of ${some} may need ` +
        `${reserved}; as lord these nodes take ${looks}, and leave some out: look more rarely (verify)`,
      ],
      ...moves <= quota.movesPerHour ? [] : [
        `${of} ${quota.movesPerHour} switches an hour; a takeover of ${some} by each of ${nodes} ` +
        `nodes needs ${moves}: use several accounts`,
      ],
    ];
  });
}

/** The looks of the lords in an hour; those at several addresses are one where they are due at once. */
function looksPerHour(all: readonly ConfiguredAddress[]): number {
  const watched = all.filter(({ event, address }) => event === "lord" && address.verifyMs > 0);
  // Each legion has a lord of its own, which may be another node.
  const requests = watched.map(({ legion, address: { all, ip, verifyMs } }) => {
    return { verifyMs, key: JSON.stringify([legion.name, all?.key ?? ip, verifyMs]) };
  });
  const each = new Map(requests.map(({ key, verifyMs }) => [key, 3_600_000 / verifyMs]));
  return [...each.values()].reduce((sum, looks) => sum + looks, 0);
}

function nodesOf({ legion: { voters } }: ConfiguredAddress): number {
  return Math.max(1, voters.length);
}
