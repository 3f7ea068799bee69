import { maxReplyBytes } from "../base/http/reply_error.ts";
import { isAddress, netAddress, sameAddress } from "../base/ip_address.ts";
import type { ListedAddress } from "../move/listing.ts";
import { prepare } from "../move/prepare.ts";
import type {
  Asking,
  KeptAddress,
  LookAtAll,
  Pace,
  Provider,
  Quota,
  Route,
} from "../move/provider.ts";
import {
  deleteFailover,
  type FailoverAccess,
  getFailover,
  listFailovers,
  reachRobot,
  routeFailover,
} from "./client.ts";
import type { Failover } from "./failover.ts";
import { meaningOf } from "./meaning.ts";
import { failoverListUrl, usualListUrl } from "./url.ts";

/** The settings of an address at the Robot. */
export interface RobotSettings extends FailoverAccess {
  /** The limit for a whole takeover, in milliseconds: no request and no wait outlasts it. */
  readonly deadlineMs: number;
}

/** The settings of an address that is to be kept at one server. */
export interface KeptSettings
  extends RobotSettings, Pick<KeptAddress, "preflight" | "verifyMs" | "reclaim"> {
  /**
   * The main address of the server to route to; the net address of its main IPv6 subnet for a
   * failover subnet.
   */
  readonly activeServerIp: string;
}

/**
 * The pace of a takeover: a switch takes up to a minute, and three nodes share 50 POSTs and 100 GETs
 * an hour (API.md, "Errors"). Of the POSTs that fail, one node sends 13 in an hour and three send 39,
 * of 40 that they may send together.
 */
const pace: Pace = {
  maxMoves: 5,
  maxLooks: 15,
  look: { firstMs: 1000, maxMs: 12_000 },
  maintenance: { firstMs: 5000, maxMs: 60_000 },
  again: { firstMs: 2000, maxMs: 40_000 },
  connect: { firstMs: 1000, maxMs: 5000 },
  failing: { most: 8, eachMs: 720_000 },
};

/** The requests that an account has in an hour (API.md, "Requests"). */
const quota: Quota = { looksPerHour: 100, movesPerHour: 50 };

/**
 * Makes the provider of one address at the Robot.
 *
 * @throws TypeError when the URL is invalid
 */
export function robotProvider(settings: RobotSettings): Provider {
  const { ip, timeoutMs, deadlineMs } = settings;
  const access = (asking: Asking) => ({ ...settings, timeoutMs: asking.timeoutMs ?? timeoutMs });
  return {
    name: "hetzner-robot",
    title: "Robot",
    account: accountOf(settings),
    user: settings.username,
    ip,
    timeoutMs,
    deadlineMs,
    pace,
    quota,
    all: lookAtAll(settings),
    requests: { look: "GET", move: "POST", drop: "DELETE" },
    mayAskInPlace: true,
    prepare: () => prepare(settings),
    reach: (asking = {}) => reachRobot(access(asking), asking),
    async look(asking = {}) {
      return routeOf(await getFailover(access(asking), asking));
    },
    async move(to, asking = {}) {
      if (to === null) return routeOf(await deleteFailover(access(asking), asking));
      return routeOf(await routeFailover({ ...access(asking), activeServerIp: to }, asking));
    },
    async list(asking = {}, url = failoverListUrl(settings.url)) {
      const { failovers, unreadable } = await listFailovers({ ...access(asking), url }, asking);
      return { addresses: failovers.map(listedOf), unreadable };
    },
    same: sameAddress,
    serverProblem: (server) => serverProblem(ip, server),
    serverName: (server) => server,
    meaning: meaningOf,
  };
}

/**
 * Makes the provider of an address that is to be kept at one server.
 *
 * @throws TypeError when the URL is invalid
 */
export function keptByRobot(settings: KeptSettings): KeptAddress {
  const { activeServerIp: wanted, preflight, verifyMs, reclaim } = settings;
  return { ...robotProvider(settings), wanted, preflight, verifyMs, reclaim };
}

/**
 * The key of an account: its user, password and host, the same for all of its addresses.
 *
 * @throws TypeError when the URL is invalid
 */
export function accountOf(
  { username, password, url }: Pick<FailoverAccess, "username" | "password" | "url">,
): string {
  return JSON.stringify([username, password, new URL(url).host]);
}

function lookAtAll(settings: RobotSettings): LookAtAll | undefined {
  const { ip, url, timeoutMs, ca, sslNoVerify, proxy } = settings;
  const list = usualListUrl(ip, url);
  if (list === undefined) return undefined;
  return {
    key: JSON.stringify([accountOf(settings), list, ca, sslNoVerify, proxy]),
    async look(asking = {}) {
      const access = { ...settings, url: list, timeoutMs: asking.timeoutMs ?? timeoutMs };
      // Reading a long list again and again would take a lord's time from its legion.
      const options = { signal: asking.signal, mostBytes: maxReplyBytes };
      const { failovers } = await listFailovers(access, options);
      return failovers.map(routeOf);
    },
  };
}

function routeOf(failover: Failover): Route {
  const { ip, activeServerIp: pointsTo, serverIp, serverIpv6Net, status } = failover;
  return { ip, pointsTo, home: ip.includes(":") ? serverIpv6Net : serverIp, status };
}

function listedOf(failover: Failover): ListedAddress {
  const { ip, activeServerIp: pointsTo, serverIp, serverIpv6Net, status } = failover;
  const home = ip.includes(":") ? serverIpv6Net ?? serverIp : serverIp;
  const where = pointsTo ?? "nowhere";
  const fields = {
    netmask: failover.netmask,
    server_ip: serverIp,
    server_ipv6_net: serverIpv6Net,
    server_number: failover.serverNumber,
  };
  return { ip, title: ip, pointsTo, where, home: home ?? "", status, fields };
}

function serverProblem(ip: string, server: string): string | undefined {
  if (!isAddress(server)) return `${server} is no IP address`;
  const net = netAddress(server);
  if (server.includes(":") !== ip.includes(":")) {
    return `${ip} can only be routed to an address of its own family, not to ${server}`;
  }
  if (sameAddress(server, net)) return undefined;
  return `of an IPv6 subnet the net address is meant: right would be ${net}`;
}
