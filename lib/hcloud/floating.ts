import ipaddr from "ipaddr.js";
import { isAddress, sameAddress } from "../base/ip_address.ts";
import type { Asking, KeptAddress, Provider, Route } from "../move/provider.ts";
import { beforeSwitch } from "./_before_switch.ts";
import {
  assignFloatingIp,
  type CloudAccess,
  getFloatingIp,
  listFloatingIps,
  mayWrite,
} from "./client.ts";
import { Detour } from "./_detour.ts";
import { CloudError } from "./errors.ts";
import type { FloatingIp } from "./floating_ip.ts";
import { forgetId, knownId, type Named, noteId } from "./_known_ids.ts";
import {
  accessFor,
  accountOf,
  cloudProvider,
  type CloudSettings,
  keptBy,
  type KeptSettings,
} from "./provider.ts";
import { Running } from "./_running.ts";
import { isGone, Servers } from "./_servers.ts";

/** The settings of a floating IP. */
export interface FloatingIpSettings extends CloudSettings {
  /** The address, its name or its id. */
  readonly ip: string;
  /** The one of these that it is. */
  readonly by: "ip" | "name" | "id";
  /** The server to have it at, for {@link Asking.isThorough}. */
  readonly server: string;
}

/** The settings of a floating IP that is to be kept at one server. */
export type KeptFloatingIp = FloatingIpSettings & KeptSettings;

// The most addresses that an error lists.
const maxTold = 8;

/**
 * Makes the provider of a floating IP.
 *
 * @throws TypeError when the URL is invalid
 */
export function floatingIpProvider(settings: FloatingIpSettings): Provider {
  const { ip, server: wanted } = settings;
  const servers = new Servers(accountOf(settings), settings.metadata);
  const usual = cloudProvider(settings, servers);
  const running = new Running();
  let at: string | null | undefined;
  const detour = new Detour();

  return {
    ...usual,
    ip,
    requests: { look: "look", move: "assign", drop: "unassign" },

    async look(asking = {}) {
      const access = accessFor(settings, asking);
      const state = await running.state(access, asking);
      // The address stays where it is until the action has ended.
      if (state.status === "processing" && at !== undefined) return { ip, pointsTo: at, ...state };
      const found = await foundBy(settings, access, asking);
      at = told(found);
      const blocked = found.blocked ? "the Hetzner Cloud has blocked the address" : undefined;
      if (!asking.isThorough) await servers.tryToKnow(access, wanted, asking);
      const obstacle = blocked ??
        (asking.isThorough ? await obstacleOf(found, access, asking) : undefined);
      return { ip, pointsTo: at, ...state, ...obstacle !== undefined && { obstacle } };
    },

    async move(to, asking = {}) {
      const access = accessFor(settings, asking);
      const isDetour = detour.isDue;
      const [id, server] = await beforeSwitch(async () => [
        await idOf(settings, access, asking),
        to === null || isDetour ? null : await servers.id(access, to, asking),
      ]);
      const goesOn = { ip, pointsTo: at ?? null, status: "processing" } satisfies Route;
      try {
        const action = await assignFloatingIp(access, id, server, asking);
        if (isDetour) detour.made();
        else detour.ended();
        if (running.began(access, action) || isDetour) return goesOn;
        return { ip, pointsTo: told(await getFloatingIp(access, id, asking)) };
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        const isRefused = server === null && error.code === "service_error";
        if (isRefused && await isNowhere(access, id, asking)) {
          if (!isDetour) throw alreadyUnassigned(error);
          detour.made();
          return goesOn;
        }
        if (isGone(error) && forgets(to)) throw outdated(error);
        throw error.code === "floating_ip_assigned" ? detour.refused(error) : error;
      }
    },
  };

  function told({ server }: FloatingIp): string | null {
    return server === null ? null : `${server}`;
  }

  /** Forgets the ids that were asked for: names may stand for others now. False: there are none. */
  function forgets(to: string | null): boolean {
    const isAsked = knownId(named(settings)) !== undefined || to !== null && servers.hasAsked(to);
    forgetId(named(settings));
    if (to !== null) servers.forget(to);
    return isAsked;
  }

  /** The first reason why the address could not be moved to the wanted server. */
  async function obstacleOf(
    { id, ip: address, zone }: FloatingIp,
    access: CloudAccess,
    asking: Asking,
  ): Promise<string | undefined> {
    const server = await servers.get(access, wanted, asking);
    const of = `server ${server.name || server.id}`;
    if (server.status !== undefined && ["off", "stopping", "deleting"].includes(server.status)) {
      return `${of} is ${server.status}`;
    }
    const family = address.includes(":") ? 6 : 4;
    if (server.families !== undefined && !server.families.includes(family)) {
      return `${of} has no public IPv${family}, and the address is one of IPv${family}`;
    }
    if (zone !== undefined && server.zone !== undefined && zone !== server.zone) {
      return `${of} is in ${server.zone}, and the address in ${zone}: it cannot be moved there`;
    }
    if (await mayWrite(access, `/floating_ips/${id}`, asking)) return undefined;
    return "token_readonly: the token may only read";
  }
}

/**
 * Makes the provider of a floating IP that is to be kept at one server.
 *
 * @throws TypeError when the URL is invalid
 */
export function keptFloatingIp(settings: KeptFloatingIp): KeptAddress {
  return keptBy(floatingIpProvider(settings), settings);
}

/** The floating IP of the settings, with one request where its id is known. */
async function foundBy(
  settings: FloatingIpSettings,
  access: CloudAccess,
  asking: Asking,
): Promise<FloatingIp> {
  const isLearned = knownId(named(settings)) !== undefined;
  try {
    return checked(settings, await getById());
  } catch (error) {
    if (!isLearned || !isGone(error)) throw error;
    // There may be another one of this name by now.
    forgetId(named(settings));
    return checked(settings, await getById());
  }

  async function getById(): Promise<FloatingIp> {
    const id = await idOf(settings, access, asking);
    return await getFloatingIp(access, id, asking);
  }
}

/** @throws CloudError when the reply is about another address */
function checked({ by, ip }: FloatingIpSettings, found: FloatingIp): FloatingIp {
  if (by !== "ip" || isIn(ip, found)) return found;
  throw new CloudError({
    kind: "unreadable",
    code: "OTHER_RESOURCE",
    message: `floating IP ${found.id} is ${found.ip}, not ${ip}`,
  });
}

/** The id of the floating IP of the settings, asked for where it is not known. */
async function idOf(
  settings: FloatingIpSettings,
  access: CloudAccess,
  { signal }: Asking,
): Promise<number> {
  const { by, ip } = settings;
  if (by === "id") return Number(ip);
  const known = knownId(named(settings));
  if (known !== undefined) return known;
  const all = await listFloatingIps(access, { signal, ...by === "name" && { name: ip } });
  const found = by === "name" ? all[0] : all.find((each) => isIn(ip, each));
  if (found === undefined) throw missing(settings, all);
  noteId(named(settings), found.id);
  return found.id;
}

/** Whether no server has a floating IP: the Cloud refuses to unassign it then. */
async function isNowhere(access: CloudAccess, id: number, asking: Asking): Promise<boolean> {
  return (await getFloatingIp(access, id, asking)).server === null;
}

function alreadyUnassigned({ status, message }: CloudError): CloudError {
  return new CloudError({ kind: "refused", status, code: "NOT_ASSIGNED", message });
}

function outdated({ status, message }: CloudError): CloudError {
  return new CloudError({ kind: "refused", status, code: "OUTDATED_ID", message });
}

function missing({ by, ip }: FloatingIpSettings, all: readonly FloatingIp[]): CloudError {
  const what = by === "name" ? `is called ${ip}` : `is ${ip}`;
  const told = all.slice(0, maxTold).map((each) => each.ip).join(", ");
  const rest = all.length > maxTold ? ` and ${all.length - maxTold} more` : "";
  const there = by === "name" ? "" : all.length === 0 ? ", which has none" : `: ${told}${rest}`;
  const message = `no floating IP of the token's project ${what}${there}`;
  return new CloudError({ kind: "refused", code: "not_found", message });
}

function named(settings: FloatingIpSettings): Named {
  return {
    account: accountOf(settings),
    kind: "floating IP",
    name: `${settings.by} ${settings.ip}`,
  };
}

/** Whether an address is a floating IP, or lies in the IPv6 subnet that one is. */
function isIn(address: string, { ip }: FloatingIp): boolean {
  if (sameAddress(address, ip)) return true;
  if (!isAddress(address) || !address.includes(":") || !ip.includes(":")) return false;
  return ipaddr.IPv6.parse(address).match(ipaddr.IPv6.parse(ip), 64);
}
