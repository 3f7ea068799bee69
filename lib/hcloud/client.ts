import { type Clean, cleanser } from "../base/cleanser.ts";
import { parseJson } from "../base/parse_json.ts";
import { type HttpRequest, send } from "../move/http.ts";
import { reach, type Reached } from "../move/reach.ts";
import { type CloudAction, cloudActionOf } from "./cloud_action.ts";
import { CloudError, isTold, parseError, unreadable } from "./errors.ts";
import { objectOf } from "./_fields.ts";
import { type FloatingIp, floatingIpOf } from "./floating_ip.ts";
import { listOf, type Server, serverOf } from "./server.ts";

/** The token, and the settings of a request. */
export interface CloudAccess {
  /** The base of all URLs, with the version of the API. */
  readonly url: string;
  /** The token of the project. */
  readonly token: string;
  /** The limit for one request, from name resolution to the reply's last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Certificates to trust besides the system's: the path of a PEM file, or the text of one. */
  readonly ca?: string;
  /** The proxy to go through, as in {@link HttpRequest}; when left out, the environment names it. */
  readonly proxy?: string;
}

/** The options that all requests take. */
export interface RequestOptions {
  /** Cancels the request. */
  readonly signal?: AbortSignal;
  /** As `Asking.recheck`. */
  readonly recheck?: () => void;
}

/** The base of the Cloud's API (API.md, "Where it is"). */
export const cloudUrl = "https://api.hetzner.cloud/v1";

// The most pages of a list, so that one that never ends is no trouble: 2,000 addresses.
const maxPages = 40;
// The most that the API gives.
const perPage = 50;
// A server takes some 5 KB.
const mostBytes = 1024 * 1024;

/**
 * Asks for one floating IP.
 *
 * @throws CloudError when the Cloud refuses, or its answer cannot be read
 * @throws MoveError when no answer comes
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted
 */
export async function getFloatingIp(
  access: CloudAccess,
  id: number,
  options: RequestOptions = {},
): Promise<FloatingIp> {
  return await one(access, { path: `/floating_ips/${id}`, id, ...options }, (reply) => {
    return floatingIpOf(reply.floating_ip);
  });
}

/**
 * Lists the floating IPs of the project, over as many pages as there are.
 *
 * @param name only those that are called so
 * @throws as {@link getFloatingIp} does
 */
export async function listFloatingIps(
  access: CloudAccess,
  { name, ...options }: RequestOptions & { readonly name?: string } = {},
): Promise<FloatingIp[]> {
  const filter = name === undefined ? "" : `name=${encodeURIComponent(name)}&`;
  const all = await pages(
    access,
    `/floating_ips?${filter}per_page=${perPage}`,
    options,
    (reply) => {
      return listOf(reply.floating_ips, floatingIpOf);
    },
  );
  // A filter that the Cloud does not know is passed over (API.md, "Requests").
  return name === undefined ? all : all.filter((each) => each.name === name);
}

/**
 * Gives a floating IP to a server, or takes it from the one that has it. Sends exactly one request;
 * the change is an action that goes on after the answer.
 *
 * @param server the server's id; null: none
 * @throws as {@link getFloatingIp} does; a change that has begun goes on all the same
 */
export async function assignFloatingIp(
  access: CloudAccess,
  id: number,
  server: number | null,
  options: RequestOptions = {},
): Promise<CloudAction> {
  const path = `/floating_ips/${id}/actions/${server === null ? "unassign" : "assign"}`;
  const body = server === null ? {} : { server };
  return await ask(access, { method: "POST", path, body, ...options }, actionIn);
}

/** Asks for an action. @throws as {@link getFloatingIp} does */
export async function getAction(
  access: CloudAccess,
  id: number,
  options: RequestOptions = {},
): Promise<CloudAction> {
  return await one(access, { path: `/actions/${id}`, id, ...options }, actionIn);
}

/** Asks for a server by its id. @throws as {@link getFloatingIp} does */
export async function getServer(
  access: CloudAccess,
  id: number,
  options: RequestOptions = {},
): Promise<Server> {
  return await one(access, { path: `/servers/${id}`, id, ...options }, ({ server }) => {
    return serverOf(server);
  });
}

/** Lists the servers of the project, or those of one name. @throws as {@link getFloatingIp} does */
export async function listServers(
  access: CloudAccess,
  { name, ...options }: RequestOptions & { readonly name?: string } = {},
): Promise<Server[]> {
  const filter = name === undefined ? "" : `name=${encodeURIComponent(name)}&`;
  const path = `/servers?${filter}per_page=${perPage}`;
  const all = await pages(access, path, options, ({ servers }) => listOf(servers, serverOf));
  return name === undefined ? all : all.filter((each) => each.name === name);
}

/**
 * Replaces all alias IPs that a server has in a network. Sends exactly one request; the change is an
 * action that goes on after the answer.
 *
 * @throws as {@link getFloatingIp} does; a change that has begun goes on all the same
 */
export async function changeAliasIps(
  access: CloudAccess,
  { id, network, aliasIps }: {
    readonly id: number;
    readonly network: number;
    readonly aliasIps: readonly string[];
  },
  options: RequestOptions = {},
): Promise<CloudAction> {
  const path = `/servers/${id}/actions/change_alias_ips`;
  const body = { network, alias_ips: aliasIps };
  return await ask(access, { method: "POST", path, body, ...options }, actionIn);
}

/**
 * Whether the token may change something: asks for a change of nothing, by an empty list of fields
 * (API.md, "A token that may only read").
 *
 * @param path the path of something that may be changed, such as `/floating_ips/1`
 * @throws the signal's reason when it is aborted
 */
export async function mayWrite(
  access: CloudAccess,
  path: string,
  options: RequestOptions = {},
): Promise<boolean> {
  try {
    await ask(access, { method: "PUT", path, body: {}, ...options }, () => true);
  } catch (error) {
    options.signal?.throwIfAborted();
    // Any other refusal tells nothing of the token.
    return !(error instanceof CloudError && error.code === "token_readonly");
  }
  return true;
}

/**
 * Connects to the Cloud as a request does, without one: nothing is counted.
 *
 * @throws MoveError when there is no connection, or its certificate does not verify
 * @throws TypeError when the URL is invalid
 * @throws the signal's reason when it is aborted
 */
export async function reachCloud(
  { url, timeoutMs, ca, proxy }: Omit<CloudAccess, "token">,
  { signal }: RequestOptions = {},
): Promise<Reached> {
  return await reach({ url, timeoutMs, ca, proxy, signal });
}

type Reply = Record<string, unknown>;

/** The parts that differ from request to request. */
interface Request extends Pick<HttpRequest, "method" | "mostBytes" | "signal" | "recheck"> {
  /** The path and the query, behind the base. */
  readonly path: string;
  /** The value to send as JSON. */
  readonly body?: unknown;
}

/** Asks for one thing of an id, which the reply must be about. */
async function one<T extends { readonly id: number }>(
  access: CloudAccess,
  { id, ...request }: Omit<Request, "method"> & { readonly id: number },
  read: (reply: Reply) => T | undefined,
): Promise<T> {
  const found = await ask(access, { method: "GET", ...request }, read);
  if (found.id === id) return found;
  throw new CloudError({
    kind: "unreadable",
    code: "OTHER_RESOURCE",
    message: `the reply is about ${found.id}, not about ${id}: is the URL right?`,
  });
}

/** Asks for all pages of a list. */
async function pages<T>(
  access: CloudAccess,
  path: string,
  options: RequestOptions,
  read: (reply: Reply) => T[] | undefined,
): Promise<T[]> {
  const all: T[] = [];
  for (let page: number | undefined = 1, count = 0; page !== undefined; count++) {
    if (count === maxPages) {
      const message = `the list has more than ${maxPages} pages`;
      throw new CloudError({ kind: "unreadable", code: "UNREADABLE_REPLY", message });
    }
    const request = { method: "GET", path: `${path}&page=${page}`, mostBytes, ...options } as const;
    const found: { items: T[]; next?: number } = await ask(access, request, (reply) => {
      const items = read(reply);
      const next = objectOf(objectOf(reply.meta).pagination).next_page;
      const isMore = Number.isSafeInteger(next) && next as number > page!;
      return items && { items, next: isMore ? next as number : undefined };
    });
    all.push(...found.items);
    page = found.next;
  }
  return all;
}

/** Sends one request, and reads its reply; `read` gives undefined where that lacks a field. */
async function ask<T>(
  { url, token, timeoutMs, ca, proxy }: CloudAccess,
  { method, path, body, mostBytes, signal, recheck }: Request,
  read: (reply: Reply) => T | undefined,
): Promise<T> {
  const reply = await send({
    method,
    url: url.replace(/\/+$/, "") + path,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/json",
      ...body === undefined ? {} : { "content-type": "application/json" },
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    timeoutMs,
    ca,
    proxy,
    mostBytes,
    signal,
    recheck,
  });
  const { status, location, cut } = reply;
  if (cut !== undefined && !isTold(status)) throw cut;
  // An answer that quotes the request (a proxy's error page) must not put the token in a log.
  const clean = cleanser([token]);
  if (status < 200 || status > 299) throw parseError(status, reply.body, { location, clean });
  const found = read(objectOf(parseJson(reply.body)));
  if (found === undefined) throw unreadable(status, reply.body, clean);
  return found;
}

function actionIn({ action }: Reply): CloudAction | undefined {
  return cloudActionOf(action);
}

/** Masks the token in text that came from the Cloud. */
export function cleanOf({ token }: Pick<CloudAccess, "token">): Clean {
  return cleanser([token]);
}
