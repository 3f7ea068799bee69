import ipaddr from "ipaddr.js";
import { basic } from "../base/http/basic_auth.ts";
import { Invalid } from "../base/invalid.ts";
import { isLoopback } from "../base/loopback.ts";
import { bareHost, portOf } from "../base/url_host.ts";

/** A proxy for HTTP, and for HTTPS by `CONNECT`. */
export interface Proxy {
  /** The proxy's name or address; an IPv6 address without brackets. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;
  /** The headers that the proxy wants: they hold its password, and are never shown. */
  readonly headers: Readonly<Record<string, string>>;
  /** The proxy for people: `HOST:PORT`, and by which variable it is used. */
  readonly shown: string;
}

/** Reads a variable of the environment; undefined: it is not set. */
export type Env = (name: string) => string | undefined;

// The port where a proxy's URL has none, as curl has it.
const usualPort = 1080;

/**
 * Reads the value of a key `proxy`.
 *
 * @returns the proxy; undefined for `none` or an empty value: there is to be none
 * @throws Invalid that says what would be right, and holds no password
 */
export function parseProxy(text: string): Proxy | undefined {
  return text === "" || text === "none" ? undefined : proxyOf(text, "");
}

/**
 * The proxy for a URL, by a setting or else by the environment, as curl goes by it: `https_proxy` or
 * `HTTPS_PROXY`, for http `http_proxy`; not for the hosts in `no_proxy` or `NO_PROXY`, and not for
 * this machine itself.
 *
 * @param setting the value of a key `proxy`; undefined: the environment decides
 * @returns undefined: there is none
 * @throws Invalid when the value cannot be used
 */
export function proxyFor(
  url: Pick<URL, "protocol" | "hostname" | "port">,
  setting: string | undefined,
  env: Env = (name) => Deno.env.get(name),
): Proxy | undefined {
  if (setting !== undefined) return parseProxy(setting);
  const names = url.protocol === "http:" ? ["http_proxy"] : ["https_proxy", "HTTPS_PROXY"];
  const name = names.find((name) => env(name));
  if (name === undefined || isLoopback(url.hostname) || isExcepted(url, env)) return undefined;
  try {
    return proxyOf(env(name) ?? "", ` (${name})`);
  } catch (error) {
    throw error instanceof Invalid ? new Invalid(`${name}: ${error.message}`) : error;
  }
}

/** @param by the end of the text for people. @throws Invalid */
function proxyOf(text: string, by: string): Proxy {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  // A part of a password could stand behind the host where the text is wrong.
  if (url?.protocol !== "http:" || url.pathname + url.search + url.hash !== "/") {
    throw new Invalid("right would be http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or none");
  }
  const { hostname, username, password } = url;
  // To the runtime's reader of URLs, port 80 is none.
  const port = url.port || (/:0*80\/?$/.test(text) ? "80" : usualPort);
  return {
    hostname: bareHost(hostname),
    port: Number(port),
    headers: username + password === ""
      ? {}
      : { "proxy-authorization": `Basic ${basic(decoded(username), decoded(password))}` },
    shown: `${hostname}:${port}${by}`,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether `no_proxy` names the host: by itself, by a domain, as a network, or all with `*`. */
function isExcepted(
  url: Parameters<typeof proxyFor>[0],
  env: Env,
): boolean {
  const host = bareHost(url.hostname).toLowerCase();
  const ownPort = `${portOf(url)}`;
  const list = env("no_proxy") || env("NO_PROXY") || "";
  return list.toLowerCase().split(/[\s,]+/).filter((entry) => entry !== "").some((entry) => {
    if (entry === "*") return true;
    const [, name = entry, itsPort = ownPort] = /^([^:]*|\[.*\]):(\d+)$/.exec(entry) ?? [];
    if (itsPort !== ownPort) return false;
    const bare = bareHost(name).replace(/^\*?\./, "");
    return host === bare || (ipaddr.isValid(host) ? isIn(host, bare) : host.endsWith(`.${bare}`));
  });
}

/** Whether an address is the one that a text names, or in the network that it names. */
function isIn(host: string, text: string): boolean {
  const address = ipaddr.process(host);
  if (ipaddr.isValid(text)) return ipaddr.process(text).toString() === address.toString();
  if (!ipaddr.isValidCIDR(text)) return false;
  const [network, bits] = ipaddr.parseCIDR(text);
  return network.kind() === address.kind() && address.match(network, bits);
}
