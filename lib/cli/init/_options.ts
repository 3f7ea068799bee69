import ipaddr from "ipaddr.js";
import { castingOf } from "../../config/address.ts";
import type { Address } from "../../base/address.ts";
import { isAddress, netAddress, sameAddress } from "../../base/ip_address.ts";
import { ask } from "./_ask.ts";
import {
  type FailoverPlan,
  type InitPlan,
  nodeHere,
  parseMe,
  parseServers,
  valorOf,
} from "./_plan.ts";
import type { ParsedOptions } from "../options.ts";
import { UsageError } from "../usage_error.ts";

/** The surroundings that fill in for options that are not given. */
export interface InitSurroundings {
  /** Whether a missing value can be asked for at a terminal. */
  readonly canAsk: boolean;
  /** The addresses of this machine. */
  readonly localHosts: readonly string[];
  /** The path of the file for the legion's secret. */
  readonly secretFile: string;
  /** The path of the file for the password. */
  readonly passwordFile: string;
}

/**
 * The plan that the options of `failover init` describe. Values that are not given are asked for at
 * the terminal.
 *
 * @throws UsageError when a value is wrong, or something is missing and nobody can be asked
 */
export function planOf(options: ParsedOptions, surroundings: InitSurroundings): InitPlan {
  const { secretFile } = surroundings;
  if (!surroundings.canAsk) expectAll(options, surroundings);
  const port = options.value("port") ?? "2000";
  const servers = given(options, "addresses", serversQuestion, (text) => {
    return several(parseServers("--addresses", text, port));
  });
  const arbiters = parseServers("--arbiters", options.value("arbiters") ?? "", port);
  const nodes = allNodes(servers, arbiters);
  const here = options.value("me") === undefined
    ? nodeHere(nodes, surroundings.localHosts)
    : undefined;
  const me = here ?? given(options, "me", meQuestion(nodes), (text) => parseMe(text, nodes));
  const valor = valorOf(me, { servers, given: options.value("valor") });
  return {
    legion: legionName(options.value("name") ?? "failover"),
    servers,
    arbiters,
    me,
    nat: options.flag("nat"),
    valor,
    secretFile,
    failover: valor === 0 ? undefined : failoverOf(options, surroundings, me),
    withUwsgi: options.flag("uwsgi"),
  };
}

const serversQuestion =
  `The own addresses of all servers that may have the failover address, with commas between them.
The first is preferred. Give the same list at each server.
Servers (such as 1.1.1.1,2.2.2.2,3.3.3.3)`;
const ipQuestion = `The failover address that they share, as it was ordered with the Robot; of an
IPv6 subnet its net address.
Failover address (such as 4.4.4.4, or 2a01:4f8:fff1::)`;
const userQuestion =
  `The user of the Robot's webservice, who may switch the failover address. In the
Robot it is made under Settings, Webservice and app settings.
User`;

function meQuestion(nodes: readonly Address[]): string {
  return `Which of them is this server? ${nodes.map(({ host }) => host).join(", ")}
This server`;
}

function given<T>(
  options: ParsedOptions,
  name: string,
  question: string,
  read: (text: string) => T,
): T {
  const value = options.value(name);
  return value === undefined ? ask(question, read) : read(value);
}

/** @throws UsageError that names all missing options */
function expectAll(options: ParsedOptions, { localHosts }: InitSurroundings): void {
  const missing = ["addresses"].filter((name) => options.value(name) === undefined);
  if (missing.length === 0 && options.value("me") === undefined) {
    const port = options.value("port") ?? "2000";
    const list = [options.value("addresses"), options.value("arbiters") ?? ""].join(",");
    if (nodeHere(parseServers("--addresses", list, port), localHosts) === undefined) {
      missing.push("me");
    }
  }
  if (!isArbiter(options, localHosts)) {
    missing.push(...["ip", "user"].filter((name) => options.value(name) === undefined));
  }
  if (missing.length === 0) return;
  const names = missing.map((name) => `--${name}`).join(", ");
  throw new UsageError(
    `there is no terminal to ask at: give ${names}, such as ` +
      "--addresses 1.1.1.1,2.2.2.2,3.3.3.3 --me 1.1.1.1 --ip 4.4.4.4 --user NAME",
  );
}

function isArbiter(options: ParsedOptions, localHosts: readonly string[]): boolean {
  if (options.value("valor") !== undefined) return Number(options.value("valor")) === 0;
  const arbiters = parseServers("--arbiters", options.value("arbiters") ?? "", "2000");
  const me = options.value("me");
  return nodeHere(arbiters, me === undefined ? localHosts : [me]) !== undefined;
}

function several(servers: readonly Address[]): readonly Address[] {
  if (servers.length >= 2) return servers;
  throw new UsageError("--addresses: at least two servers, or there is nowhere to fail over to");
}

function allNodes(servers: readonly Address[], arbiters: readonly Address[]): readonly Address[] {
  const text = [...servers, ...arbiters].map(({ host }) => host).join(",");
  parseServers("--addresses with --arbiters", text, `${servers[0].port}`);
  return [...servers, ...arbiters];
}

function legionName(text: string): string {
  // A parenthesis may end or begin a reference; white space ends the name.
  if (/^[^\s()]+$/.test(text)) return text;
  throw new UsageError("--name takes a word without spaces and parentheses");
}

function failoverOf(
  options: ParsedOptions,
  { passwordFile, canAsk }: InitSurroundings,
  me: Address,
): FailoverPlan {
  const ip = given(options, "ip", ipQuestion, (text) => robotAddress("--ip", text));
  const activeIp = mainAddress(options, { me, ip, canAsk });
  const user = given(options, "user", userQuestion, webserviceUser);
  return { ip, activeIp, user, passwordFile };
}

/**
 * The server's main address; for an IPv6 subnet the net address of its main subnet. `--me` cannot
 * always tell it: the nodes' addresses may be private, or of the other family.
 */
function mainAddress(
  options: ParsedOptions,
  { me: { host }, ip, canAsk }: { me: Address; ip: string; canAsk: boolean },
): string {
  const reason = notRoutable(host, ip);
  const given = options.value("active-ip") ?? (reason === undefined ? netAddress(host) : undefined);
  const read = (text: string) => {
    const reason = notRoutable(ipAddress("--active-ip", text), ip);
    if (reason !== undefined) throw new UsageError(`--active-ip: ${reason}`);
    if (!sameAddress(robotAddress("--active-ip", text), ip)) return text;
    throw new UsageError(`--active-ip: ${text} is the failover address itself`);
  };
  if (given !== undefined) return read(given);
  const [what, example] = ip.includes(":")
    ? ["the net address of this server's main IPv6 subnet", "2a01:4f8:d0a:2003::"]
    : ["this server's main address", "1.1.1.1"];
  if (canAsk) {
    return ask(`${reason}.\n${what[0].toUpperCase()}${what.slice(1)} (such as ${example})`, read);
  }
  throw new UsageError(`${reason}: give ${what} as --active-ip, such as ${example}`);
}

function notRoutable(host: string, ip: string): string | undefined {
  if (["private", "uniqueLocal"].includes(ipaddr.parse(host).range())) {
    return `the Robot routes to no private address such as ${host}`;
  }
  if (host.includes(":") === ip.includes(":")) return undefined;
  return `${ip} can only be routed to an address of its own family, not to ${host}`;
}

function webserviceUser(text: string): string {
  if (/^[^\s()]+$/.test(text)) return text;
  throw new UsageError("--user takes a name without spaces and parentheses");
}

function ipAddress(option: string, text: string): string {
  const right = isAddress(text) && castingOf({ host: text, port: 0 }) === "unicast";
  if (!right) throw new UsageError(`${option} takes an IP address, not ${text}`);
  return text;
}

/**
 * Reads an address of the Robot's: of a subnet its net address.
 *
 * @throws UsageError with the right one
 */
function robotAddress(option: string, text: string): string {
  const net = netAddress(ipAddress(option, text));
  if (sameAddress(text, net)) return text;
  throw new UsageError(`${option}: the Robot knows an IPv6 subnet by its net address, ${net}`);
}
