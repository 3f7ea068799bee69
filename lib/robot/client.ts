import { type Clean, cleanser } from "../base/cleanser.ts";
import { basic } from "../base/http/basic_auth.ts";
import { sameAddress } from "../base/ip_address.ts";
import { retryAfterMs } from "../base/retry_after.ts";
import { type HttpRequest, send } from "../move/http.ts";
import { MoveError } from "../move/move_error.ts";
import { reach, type Reached } from "../move/reach.ts";
import { isRefusal, parseError, RobotError } from "./errors.ts";
import {
  type Failover,
  type FailoverList,
  isNothing,
  parseFailover,
  parseFailoverList,
} from "./failover.ts";

// Clients that prefer IPv6 have failed at the Robot (API.md, "Where it is").
const family = 4;

// The most bytes of a list: of an address it has 200 to 300.
const mostListBytes = 16 * 1024 * 1024;

/** The credentials of the webservice's user, and the settings of a request. */
export interface RobotAccess {
  /** The name of the webservice's user. */
  readonly username: string;
  /** The user's password. */
  readonly password: string;
  /** The limit for one request, from name resolution to the reply's last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether to leave the Robot's certificate unverified. */
  readonly sslNoVerify?: boolean;
  /**
   * Certificates to trust besides the system's: the path of a PEM file, or the text of one, which is
   * told from a path by its `-----BEGIN`.
   */
  readonly ca?: string;
  /** The proxy to go through, as in {@link HttpRequest}; when left out, the environment names it. */
  readonly proxy?: string;
}

/** Access to one failover address. */
export interface FailoverAccess extends RobotAccess {
  /** The failover address, or the net address of a failover subnet. */
  readonly ip: string;
  /** The whole URL to send to, used as it is. {@link failoverUrl} makes the usual one. */
  readonly url: string;
}

/** The options that all requests take. */
export interface RequestOptions {
  /** Cancels the request. */
  readonly signal?: AbortSignal;
  /** As `Asking.recheck`. */
  readonly recheck?: () => void;
}

/** The options of a request for the list. */
export interface ListOptions extends RequestOptions {
  /** The most bytes that the reply may take; default 16 MiB. */
  readonly mostBytes?: number;
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
 * answer comes when the switch is done, after up to a minute. The caller must check whether its
 * `activeServerIp` is the one asked for.
 *
 * @param access the access, and with it the `activeServerIp` to route to: the server's main address,
 *   or the net address of its main IPv6 subnet for a failover subnet
 * @throws RobotError when the Robot refuses, or its answer cannot be read
 * @throws MoveError when no answer comes
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted; a switch that has begun goes on all the same
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
 * @param access the access, with the URL of the list, which {@link failoverListUrl} makes
 * @throws RobotError when the Robot refuses, or its answer cannot be read
 * @throws MoveError when no answer comes
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted
 */
export async function listFailovers(
  access: RobotAccess & { readonly url: string },
  options: ListOptions = {},
): Promise<FailoverList> {
  const isAnswer = (status: number, body: Uint8Array) => status === 200 || isNothing(status, body);
  const request = { method: "GET", mostBytes: mostListBytes, ...options, isAnswer } as const;
  return await ask(access, request, parseFailoverList);
}

/**
 * Connects to the Robot as a request does, without one: nothing is counted.
 *
 * @throws MoveError when there is no connection, or its certificate does not verify
 * @throws TypeError when the URL is invalid
 * @throws the signal's reason when it is aborted
 */
export async function reachRobot(
  { url, timeoutMs, sslNoVerify, ca, proxy }: Omit<FailoverAccess, "ip" | "username" | "password">,
  { signal }: RequestOptions = {},
): Promise<Reached> {
  return await overIpv4(url, reach({ url, family, timeoutMs, sslNoVerify, ca, proxy, signal }));
}

/** Waits for a request, and says it where a name has no address of the only family that is used. */
async function overIpv4<T>(url: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { hostname } = new URL(url);
    // The name that is not found may be that of a proxy.
    const isMeant = error instanceof MoveError && error.code === "ENOTFOUND" &&
      error.message.includes(hostname);
    if (!isMeant) throw error;
    const { kind, code } = error;
    const message =
      `no connection: ${hostname} has no IPv4 address, and the Robot is asked over IPv4`;
    throw new MoveError({ kind, code, message });
  }
}

/** The parts that differ from request to request. */
interface Request extends Pick<HttpRequest, "method" | "mostBytes" | "signal" | "recheck"> {
  /** The fields to send form-encoded. */
  readonly form?: Readonly<Record<string, string>>;
  /** Whether a reply is read, and no error; by default those with status 200 are. */
  readonly isAnswer?: (status: number, body: Uint8Array) => boolean;
}

async function ask<T>(
  access: RobotAccess & { readonly url: string },
  { method, signal, recheck, form, mostBytes, isAnswer = (status) => status === 200 }: Request,
  read: (status: number, body: Uint8Array, clean: Clean) => T,
): Promise<T> {
  const { url, username, password, timeoutMs, sslNoVerify, ca, proxy } = access;
  const request: HttpRequest = {
    method,
    url,
    headers: {
      authorization: `Basic ${basic(username, password)}`,
      accept: "application/json",
      ...form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" },
    },
    body: form && new URLSearchParams(form).toString(),
    family,
    timeoutMs,
    sslNoVerify,
    ca,
    proxy,
    mostBytes,
    signal,
    recheck,
  };
  const reply = await overIpv4(url, send(request));
  const { status, body, location, retryAfter, cut } = reply;
  // Some are failed logins even without a whole body, and asking again may block this machine.
  if (cut !== undefined && !isRefusal(status)) throw cut;
  // An answer that quotes the request (a proxy's error page) must not put the password in a log.
  const clean = (text: string) => cleanser([basic(username, password), password])(text);
  if (!isAnswer(status, body)) {
    throw parseError(status, body, {
      location,
      retryAfterMs: retryAfterMs(retryAfter, Date.now()),
      clean,
    });
  }
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
