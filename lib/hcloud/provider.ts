import { sameAddress } from "../base/ip_address.ts";
import { prepare } from "../move/prepare.ts";
import type { Asking, KeptAddress, Pace, Provider } from "../move/provider.ts";
import { type CloudAccess, reachCloud } from "./client.ts";
import { meaningOf } from "./meaning.ts";
import { listAddresses } from "./_list.ts";
import { isServerName } from "./server_name.ts";
import type { Servers } from "./_servers.ts";

/** The settings of every address in the Cloud. */
export interface CloudSettings extends CloudAccess {
  /** The limit for a whole takeover, in milliseconds: no request and no wait outlasts it. */
  readonly deadlineMs: number;
  /** The URL that tells the id of this server. */
  readonly metadata: string;
}

/** The settings of an address that is to be kept at one server. */
export interface KeptSettings
  extends CloudSettings, Pick<KeptAddress, "preflight" | "verifyMs" | "reclaim"> {
  /** The server to have it at: its id, its name, or `self`. */
  readonly server: string;
}

/**
 * The pace of a takeover: an action is asked for again after 0.5 s and up to 2 s, and all that uses a
 * project shares 3,600 requests an hour (API.md, "Errors"). A switch is asked for as often as a lock
 * may end within the deadline. Of switches that fail, a node sends 160 in its first hour, and 120 in
 * each that follows.
 */
const pace: Pace = {
  maxMoves: 30,
  maxLooks: 60,
  look: { firstMs: 500, maxMs: 2000 },
  maintenance: { firstMs: 1000, maxMs: 10_000 },
  again: { firstMs: 1000, maxMs: 5000 },
  connect: { firstMs: 500, maxMs: 5000 },
  failing: { most: 40, eachMs: 30_000 },
};

/** The parts of a provider that are the same for all addresses in the Cloud. */
export function cloudProvider(
  settings: CloudSettings,
  servers: Servers,
): Omit<Provider, "ip" | "requests" | "look" | "move"> {
  const { timeoutMs, deadlineMs } = settings;
  return {
    name: "hetzner-cloud",
    title: "Hetzner Cloud",
    account: accountOf(settings),
    user: "",
    timeoutMs,
    deadlineMs,
    pace,
    prepare: () => prepare(settings),
    reach: (asking = {}) => reachCloud(accessFor(settings, asking), asking),
    list: (asking = {}) => listAddresses(accessFor(settings, asking), asking),
    same: (a, b) => servers.same(a, b) || sameAddress(a, b),
    serverProblem: (server) =>
      isServerName(server) ? undefined : `${server} is neither the id nor the name of a server`,
    serverName: (server) => servers.told(server),
    meaning: meaningOf,
  };
}

/** The access for one question, which may have less time than the settings say. */
export function accessFor(settings: CloudAccess, { timeoutMs }: Asking): CloudAccess {
  return timeoutMs === undefined ? settings : { ...settings, timeoutMs };
}

/**
 * The key of an account: the token and the host, the same for all addresses of the project.
 *
 * @throws TypeError when the URL is invalid
 */
export function accountOf({ token, url }: Pick<CloudAccess, "token" | "url">): string {
  return JSON.stringify([token, new URL(url).host]);
}

/** Makes of a provider the one of an address that is to be kept at one server. */
export function keptBy(provider: Provider, settings: KeptSettings): KeptAddress {
  const { server: wanted, preflight, verifyMs, reclaim } = settings;
  return { ...provider, wanted, preflight, verifyMs, reclaim };
}
