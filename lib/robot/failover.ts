import type { Clean } from "../base/cleanser.ts";
import { isAddress } from "../base/ip_address.ts";
import { parseJson } from "../base/parse_json.ts";
import { plainText } from "../base/plain_text.ts";
import { unreadable } from "./errors.ts";

/** A failover address in a reply of the Robot (API.md, "A reply"). */
export interface Failover {
  /** The address, or the net address of a failover subnet. */
  readonly ip: string;
  /** The netmask, spelled as an address. */
  readonly netmask?: string;
  /** The main address of the server that the address belongs to. */
  readonly serverIp?: string;
  /** The net address of that server's main IPv6 subnet. */
  readonly serverIpv6Net?: string;
  /** The number of that server. */
  readonly serverNumber?: number;
  /** The main address of the server that it is routed to now; null: nowhere. */
  readonly activeServerIp: string | null;
  /** Whether a switch is running (`processing`); only some replies tell. */
  readonly status?: "ready" | "processing";
}

/**
 * Reads a reply about one address, `{"failover": {…}}`. `ip` and `active_server_ip` must be valid;
 * any other field that is not valid is left out, since no decision depends on it.
 *
 * @param status the reply's HTTP status, for the error
 * @param clean masks secrets in the text that the error quotes
 * @throws RobotError `unreadable`, for anything else
 */
export function parseFailover(status: number, body: Uint8Array, clean?: Clean): Failover {
  const failover = failoverOf(parseJson(body));
  if (failover === undefined) throw unreadable(status, body, clean);
  return failover;
}

/** The failover addresses of an account. */
export interface FailoverList {
  /** The addresses, in the order of the reply. */
  readonly failovers: readonly Failover[];
  /** The entries that cannot be read: the beginning of each, without secrets. */
  readonly unreadable: readonly string[];
}

/**
 * Reads the list of all addresses, `[{"failover": {…}}, …]`, each as {@link parseFailover} does. An
 * entry that cannot be read hides no other. The reply about no addresses ({@link isNothing}) is an
 * empty list.
 *
 * @param status the reply's HTTP status, for the error
 * @param clean masks secrets in the text that is quoted
 * @throws RobotError `unreadable`, for anything else, and where no entry of several can be read
 */
export function parseFailoverList(
  status: number,
  body: Uint8Array,
  clean: Clean = (text) => text,
): FailoverList {
  if (isNothing(status, body)) return { failovers: [], unreadable: [] };
  const list = parseJson(body);
  if (!Array.isArray(list)) throw unreadable(status, body, clean);
  const failovers: Failover[] = [];
  const left: string[] = [];
  for (const item of list) {
    const failover = failoverOf(item);
    if (failover !== undefined) failovers.push(failover);
    else left.push(plainText(clean(JSON.stringify(item)), 200));
  }
  if (failovers.length === 0 && left.length > 0) throw unreadable(status, body, clean);
  return { failovers, unreadable: left };
}

/** Whether a reply to the question for the list says that there is none: a 404 that names no other. */
export function isNothing(status: number, body: Uint8Array): boolean {
  if (status !== 404) return false;
  if (body.length === 0) return true;
  const reply = parseJson(body) as { error?: { code?: unknown } } | null | undefined;
  return reply?.error?.code === "NOT_FOUND" || Array.isArray(reply) && reply.length === 0;
}

function failoverOf(reply: unknown): Failover | undefined {
  const failover = (reply as { failover?: unknown } | null | undefined)?.failover;
  if (typeof failover !== "object" || failover === null) return undefined;
  const field = (name: string) => (failover as Record<string, unknown>)[name];
  const text = (name: string) => {
    const value = field(name);
    return typeof value === "string" ? value : undefined;
  };
  const address = (name: string) => {
    const value = text(name);
    return value !== undefined && isAddress(value) ? value : undefined;
  };
  const ip = address("ip");
  const activeServerIp = field("active_server_ip") === null ? null : address("active_server_ip");
  if (ip === undefined || activeServerIp === undefined) return undefined;
  const number = field("server_number");
  const status = field("status");
  return {
    ip,
    netmask: address("netmask"),
    serverIp: address("server_ip"),
    serverIpv6Net: address("server_ipv6_net"),
    serverNumber: Number.isSafeInteger(number) ? number as number : undefined,
    activeServerIp,
    status: status === "ready" || status === "processing" ? status : undefined,
  };
}
