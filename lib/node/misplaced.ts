import { isAddress, isAmong, isNetAddress, sameAddress } from "../base/ip_address.ts";
import { putHereCommands } from "../base/put_here_commands.ts";
import type { Place } from "../base/place.ts";
import { parseAddress } from "../config/address.ts";
import type { Config } from "../config/config.ts";
import { type ConfiguredAddress, lordAddressesIn, runsCommand } from "./addresses_in.ts";

/** An address of a lord hook that is not where it should be. */
export interface Misplaced extends Place {
  /**
   * - `another node`: the server to route to is another node of the legion
   * - `another server`: the server to route to is not this one
   * - `nowhere here`: the failover address is on no interface of this server
   */
  readonly kind: "another node" | "another server" | "nowhere here";
  /** The failover address. */
  readonly ip: string;
  /** The server that the address is routed to. */
  readonly wanted: string;
  /** The mistake in a sentence without a full stop. */
  readonly why: string;
  /** The command that mends it, or helps to. */
  readonly remedy: string;
}

/** The lord hooks that route an address to another node of the legion, as a copied line does. */
export function routedToOthers(config: Config): Misplaced[] {
  return lordAddressesIn(config).flatMap((configured) => {
    const { place, address: { ip, wanted } } = configured;
    const other = otherNode(configured);
    if (other === undefined) return [];
    const why = `as lord this node routes ${ip} to ${wanted}, which is another node (${other})`;
    return [{ kind: "another node", ip, wanted, ...place, why, remedy: "ip -brief address" }];
  });
}

/**
 * The addresses of lord hooks that are on no interface of this server. The failover address of a
 * legion whose lord hooks run commands is not asked about: they may add it.
 *
 * @param localHosts the addresses of this machine
 */
export function missingHere(
  config: Pick<Config, "legions">,
  localHosts: readonly string[],
): Misplaced[] {
  return lordAddressesIn(config).flatMap((configured) => {
    const { legion, place, address: { ip, wanted } } = configured;
    const found: Misplaced[] = [];
    const about = { ip, wanted, ...place };
    const isNat = legion.ownAddress !== undefined;
    if (!isHere(wanted, localHosts) && !isNat && otherNode(configured) === undefined) {
      const why = `as lord this node routes ${ip} to ${wanted}, which is on no interface here`;
      found.push({ kind: "another server", ...about, why, remedy: "ip -brief address" });
    }
    if (!isServedHere(ip, localHosts) && !runsCommand(legion, "lord")) {
      const what = isNetAddress(ip) ? `but for its net address ${ip}/64` : ip;
      const why = `${what} is on no interface here: as lord this server would not answer for it`;
      const [remedy] = putHereCommands(ip);
      found.push({ kind: "nowhere here", ...about, why, remedy });
    }
    return found;
  });
}

/** A mistake as a warning, with file, line and remedy. */
export function misplacedWarning({ file, line, why, remedy }: Misplaced): string {
  return `${file}:${line}: ${why}: ${remedy}`;
}

/** The other node of the legion that an address is routed to; undefined: none. */
function otherNode({ legion, address: { wanted } }: ConfiguredAddress): string | undefined {
  const at = (voter: string) => isAmong(wanted, [parseAddress(voter).host]);
  // Several nodes on one machine may share its address.
  if (!isAddress(wanted) || legion.node !== undefined && at(legion.node)) return undefined;
  return legion.voters.find((voter) => voter !== legion.node && at(voter));
}

/** Whether a server's address, or one of the subnet with this net address, is on this machine. */
function isHere(address: string, localHosts: readonly string[]): boolean {
  return !isAddress(address) || isAmong(address, localHosts);
}

/** Whether a failover address is on this machine; of a subnet another one than its net address. */
function isServedHere(ip: string, localHosts: readonly string[]): boolean {
  return isHere(
    ip,
    isNetAddress(ip) ? localHosts.filter((host) => !sameAddress(host, ip)) : localHosts,
  );
}
