import ipaddr from "ipaddr.js";
import { bareHost } from "../../base/url_host.ts";
import { castingOf, isIpv6, parseAddress } from "../../config/address.ts";
import type { Address } from "../../base/address.ts";
import { parseWhole } from "../../base/number.ts";
import { isAddress, normalHost, sameAddress } from "../../base/ip_address.ts";
import type { InitProvider } from "./_provider.ts";
import { UsageError } from "../usage_error.ts";

/** The facts that a server's configuration is made of. */
export interface InitPlan {
  /** The legion's name. */
  readonly legion: string;
  /** The nodes that may be lord, the preferred one first. */
  readonly servers: readonly Address[];
  /** The nodes that only vote. */
  readonly arbiters: readonly Address[];
  /** The server or arbiter that the configuration is for. */
  readonly me: Address;
  /** Whether another machine has that address, and forwards to this one (NAT). */
  readonly nat: boolean;
  /** The node's rank; 0: this node only votes. */
  readonly valor: number;
  /** The path of the file with the legion's secret. */
  readonly secretFile: string;
  /** The provider of the failover address. */
  readonly provider: InitProvider;
  /** The move of the failover address; undefined where this node only votes. */
  readonly failover?: FailoverPlan;
  /** Whether nodes of uWSGI are in the legion, which know neither the lease nor authentication. */
  readonly withUwsgi: boolean;
}

/** The move of the failover address to this server, by its provider. */
export interface FailoverPlan {
  /** The failover address, or the net address of a failover subnet. */
  readonly ip: string;
  /** The password, or whatever the provider wants to see. */
  readonly key: {
    /** The path of its file. */
    readonly file: string;
    /** Its name in a sentence: `the password of FOO`. */
    readonly title: string;
    /** The word before the answer, where it is asked for. */
    readonly label: string;
  };
  /** Further lines of the summary that is shown before the files are written. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** The lines of the comment above the action, without their `; `. */
  readonly comment: readonly string[];
  /** The action that moves the address, when this node is elected. */
  readonly action: string;
  /** The options of `failover init` for the same at another server. */
  readonly optionsAt: (node: Address) => readonly string[];
}

/** The valor of the first server; each further one has one less. */
const highestValor = 9_999;

/** All nodes of the legion, the servers first. */
export function nodesOf({ servers, arbiters }: InitPlan): Address[] {
  return [...servers, ...arbiters];
}

/**
 * Reads a list of addresses, separated by commas, which all get the same port.
 *
 * @param option the option's name, for messages: `--addresses`
 * @throws UsageError when one is no address of a server, or comes twice, or IPv4 and IPv6 are mixed
 */
export function parseServers(option: string, text: string, port: string): Address[] {
  const addresses = text.split(",").map((part) => part.trim()).filter((part) => part !== "")
    .map((part) => serverAddress(option, part, port));
  const hosts = addresses.map(({ host }) => normalHost(host));
  const twice = hosts.find((host, index) => hosts.indexOf(host) < index);
  if (twice !== undefined) throw new UsageError(`${option}: ${twice} is there twice`);
  if (addresses.some((address) => isIpv6(address) !== isIpv6(addresses[0]))) {
    throw new UsageError(`${option}: the addresses must be all IPv4 or all IPv6`);
  }
  return addresses;
}

function serverAddress(option: string, text: string, port: string): Address {
  const host = bareHost(text);
  if (!isAddress(host)) {
    throw new UsageError(`${option} takes IP addresses with commas between them, not ${text}`);
  }
  const address = parsed(
    option,
    () => parseAddress(host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`),
  );
  const own = castingOf(address) === "unicast" && ipaddr.parse(host).range() !== "unspecified";
  if (!own) throw new UsageError(`${option}: ${host} is no server's own address`);
  return address;
}

/**
 * Reads `--me`: the node that this server is.
 *
 * @throws UsageError when the address is none of the nodes'
 */
export function parseMe(text: string, nodes: readonly Address[]): Address {
  const host = bareHost(text);
  const me = nodes.find((node) => sameAddress(node.host, host));
  if (me !== undefined) return me;
  const there = nodes.map(({ host }) => host).join(", ");
  throw new UsageError(`--me ${text} is none of the nodes; there are ${there}`);
}

/** The only node whose address is on this machine; undefined: none, or more than one. */
export function nodeHere(
  nodes: readonly Address[],
  localHosts: readonly string[],
): Address | undefined {
  const here = nodes.filter(({ host }) => localHosts.some((local) => sameAddress(local, host)));
  return here.length === 1 ? here[0] : undefined;
}

/**
 * A node's valor: the value of `--valor`, else by its position; 0 for an arbiter.
 *
 * @throws UsageError when `--valor` is no whole number
 */
export function valorOf(
  me: Address,
  { servers, given }: { servers: readonly Address[]; given: string | undefined },
): number {
  if (given !== undefined) return parsed("--valor", () => parseWhole(given));
  const position = servers.indexOf(me);
  return position < 0 ? 0 : Math.max(1, highestValor - position);
}

/**
 * Runs `parse` for the value of an option.
 *
 * @throws UsageError with the option's name, when `parse` throws
 */
export function parsed<T>(option: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`);
  }
}
