import { sameAddress } from "../base/ip_address.ts";
import { type HttpRequest, send } from "../move/http.ts";
import { type Clean, cleanser } from "./_cleanser.ts";
import { parseError, RobotError } from "./errors.ts";
import { type Failover, parseFailover, parseFailoverList } from "./failover.ts";
import { basic } from "./_basic_auth.ts";

/** Who asks, and how. */
export interface RobotAccess {
  readonly username: string;
  readonly password: string;
  /** For one request, from the name resolution to the last byte of the reply. */
  readonly timeoutMs: number;
  /** Do not verify the Robot's certificate. */
  readonly sslNoVerify?: boolean;
  /**
   * Certificates to trust besides the system's: the path of a PEM file, or such a file's text
   * (which is told from a path by its `-----BEGIN`).
   */
  readonly ca?: string;
}

/** Access to one failover address. */
export interface FailoverAccess extends RobotAccess {
  /** The failover address, or the net address of a failover subnet. */
  readonly ip: string;
  /** Its whole URL, used as it is. `failoverUrl` makes the usual one. */
  readonly url: string;
}

/** What all requests take besides. */
export interface RequestOptions {
  /** Cancels the request. */
  readonly signal?: AbortSignal;
}

/**
 * Asks where a failover address points (`GET /failover/{ip}`).
 *
 * @throws RobotError when the Robot refuses, or its answer cannot be read
 * @throws MoveError when no answer comes
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted
 */
export async function getFailover(
  access: FailoverAccess,
  options: RequestOptions = {},
): Promise<Failover> {
  return await ask(access, { method: "GET", ...options }, about(access.ip));
}

/**
 * Routes a failover address to a server (`POST /failover/{ip}`). Sends exactly one request. The
 * answer comes when the switch is done, after up to a minute; its `activeServerIp` is what the
 * Robot says, and the caller's to check.
 *
 * @param access `activeServerIp` is the server's main address, or the net address of its main IPv6
 *   subnet for a failover subnet
 * @throws RobotError when the Robot refuses, or its answer cannot be read
 * @throws MoveError when no answer comes
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted; a switch that began goes on all the same
 */
export async function routeFailover(
  access: FailoverAccess & { readonly activeServerIp: string },
  options: RequestOptions = {},
): Promise<Failover> {
  const form = { active_server_ip: access.activeServerIp };
  return await ask(access, { method: "POST", form, ...options }, about(access.ip));
}

/**
 * Drops the routing of a failover address (`DELETE /failover/{ip}`). Sends exactly one request.
 *
 * @throws RobotError when the Robot refuses, or its answer cannot be read
 * @throws MoveError when no answer comes
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted
 */
export async function deleteFailover(
  access: FailoverAccess,
  options: RequestOptions = {},
): Promise<Failover> {
  return await ask(access, { method: "DELETE", ...options }, about(access.ip));
}

/**
 * Lists all failover addresses of the account (`GET /failover`).
 *
 * @param access `url` is the list's: `failoverListUrl` makes it from an address's
 * @throws RobotError when the Robot refuses, or its answer cannot be read
 * @throws MoveError when no answer comes
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted
 */
export async function listFailovers(
  access: RobotAccess & { readonly url: string },
  options: RequestOptions = {},
): Promise<Failover[]> {
  return await ask(access, { method: "GET", ...options }, parseFailoverList);
}

/** What differs from request to request. */
interface Request extends Pick<HttpRequest, "method" | "signal"> {
  /** Sent form-encoded. */
  readonly form?: Readonly<Record<string, string>>;
}

async function ask<T>(
  { url, username, password, timeoutMs, sslNoVerify, ca }: RobotAccess & { readonly url: string },
  { method, signal, form }: Request,
  read: (status: number, body: Uint8Array, clean: Clean) => T,
): Promise<T> {
  const reply = await send({
    method,
    url,
    headers: {
      authorization: `Basic ${basic(username, password)}`,
      accept: "application/json",
      ...form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" },
    },
    body: form && new URLSearchParams(form).toString(),
    // Clients that prefer IPv6 have failed at the Robot (API.md, "Where it is").
    family: 4,
    timeoutMs,
    sslNoVerify,
    ca,
    signal,
  });
  const { status, body, location, cut } = reply;
  // A failed login needs no body to be one; asking again may block the caller's address.
  if (cut !== undefined && status !== 401) throw cut;
  // What quotes the request (a proxy's error page) must not carry the password to a log.
  const clean = (text: string) => cleanser([basic(username, password), password])(text);
  if (status !== 200) throw parseError(status, body, { location, clean });
  return read(status, body, clean);
}

function about(ip: string) {
  return (status: number, body: Uint8Array, clean: Clean): Failover => {
    const failover = parseFailover(status, body, clean);
    if (sameAddress(failover.ip, ip)) return failover;
    throw new RobotError({
      kind: "unreadable",
      status,
      code: "OTHER_ADDRESS",
      message: `the reply is about ${failover.ip}, not about ${ip}: is the URL right?`,
    });
  };
}
