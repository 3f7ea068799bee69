import { sameAddress } from "../base/ip_address.ts";
import { MoveError } from "../move/move_error.ts";
import type { Asking, KeptAddress, Provider, Route } from "../move/provider.ts";
import { beforeSwitch } from "./_before_switch.ts";
import { changeAliasIps, type CloudAccess, getServer, listServers, mayWrite } from "./client.ts";
import { CloudError } from "./errors.ts";
import { inTurn } from "./_in_turn.ts";
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
import type { PrivateNet, Server } from "./server.ts";
import { isGone, Servers } from "./_servers.ts";

/** The settings of an alias IP. */
export interface AliasIpSettings extends CloudSettings {
  /** The address. */
  readonly ip: string;
  /** The id of the private network that it is in. */
  readonly network: number;
  /** The server to have it at, for {@link Asking.isThorough}. */
  readonly server: string;
}

/** The settings of an alias IP that is to be kept at one server. */
export type KeptAliasIp = AliasIpSettings & KeptSettings;

/**
 * Makes the provider of an alias IP of a private network. The Cloud knows such addresses only as
 * lists of its servers, each of which is replaced as a whole (API.md, "Alias IPs"). So a switch reads a
 * list, changes the one address in it, and writes the list back: that of the server which has the
 * address, and in a second switch that of the server which gets it. Then it looks, since somebody else
 * may have written the same list meanwhile.
 *
 * @throws TypeError when the URL is invalid
 */
export function aliasIpProvider(settings: AliasIpSettings): Provider {
  const { ip, server: wanted } = settings;
  const account = accountOf(settings);
  const servers = new Servers(account, settings.metadata);
  const action = new Running();
  // By the last look; where that is wrong by now, the Cloud refuses to give it to another server.
  let isFree = false;
  const holderOf: Named = { account, kind: "holder", name: `${ip} ${settings.network}` };

  return {
    ...cloudProvider(settings, servers),
    ip,
    requests: { look: "look", move: "change_alias_ips", drop: "change_alias_ips to nobody" },

    async look(asking = {}) {
      const access = accessFor(settings, asking);
      const state = await action.state(access, asking);
      const holder = await findHolder(access, asking);
      const pointsTo = told(holder);
      isFree = holder === undefined;
      if (!asking.isThorough) await servers.tryToKnow(access, wanted, asking);
      const obstacle = asking.isThorough ? await obstacleOf(access, asking) : undefined;
      return { ip, pointsTo, ...state, ...obstacle !== undefined && { obstacle } };
    },

    move(to, asking = {}) {
      const { timeoutMs } = { ...settings, ...asking.timeoutMs !== undefined && asking };
      const untilMs = performance.now() + timeoutMs;
      // Two addresses that a takeover moves at once are in the same lists.
      return inTurn(account, () => change(to, asking, untilMs));
    },
  };

  /**
   * Takes the address off the server that has it; or gives it to the one that is to have it, where no
   * other has it any more. So each request for a switch is one that the node has decided upon.
   */
  async function change(to: string | null, asking: Asking, untilMs: number): Promise<Route> {
    const access = accessFor(settings, { timeoutMs: untilMs - performance.now() });
    const { target, holder } = await beforeSwitch(async () => {
      if (performance.now() >= untilMs) throw waitedTooLong();
      const target = to === null ? undefined : await servers.get(access, to, asking);
      // Without a place in the network the address would only be taken away.
      if (target !== undefined) netOf(target);
      const isThere = target !== undefined && has(target);
      if (isThere) return { target, holder: target };
      return { target, holder: isFree ? undefined : await findHolder(access, asking) };
    });
    isFree = false;
    if (holder?.id === target?.id) throw isSoAlready(target);
    const goesOn = { ip, pointsTo: told(holder), status: "processing" } as const;
    const hasEnded = await write(holder, target);
    if (!hasEnded || holder !== undefined && target !== undefined) return goesOn;
    const now = await findHolder(access, asking);
    if (now?.id === target?.id) return { ip, pointsTo: told(now) };
    throw new CloudError({
      kind: "refused",
      stage: "action",
      code: "OVERWRITTEN",
      message: "another change of the same list has undone this one",
    });

    /** Writes the list of the one server or the other; false: that goes on when the time is over. */
    async function write(holder: Server | undefined, target: Server | undefined): Promise<boolean> {
      const server = (holder ?? target)!;
      const list = netOf(server).aliasIps;
      const aliasIps = holder === undefined
        ? [...list, ip]
        : list.filter((one) => !sameAddress(one, ip));
      const { network } = settings;
      const change = { id: server.id, network, aliasIps };
      const begun = action.began(access, await changeAliasIps(access, change, asking));
      if (begun && !await action.hasEnded(access, asking, untilMs)) return false;
      if (holder === undefined) noteId(holderOf, server.id);
      else forgetId(holderOf);
      return true;
    }
  }

  /** The server that has the address; undefined: none. */
  async function findHolder(access: CloudAccess, asking: Asking): Promise<Server | undefined> {
    const last = knownId(holderOf);
    if (last !== undefined) {
      const server = await getServer(access, last, asking).catch((error: MoveError) => {
        if (!isGone(error)) throw error;
      });
      if (server !== undefined && has(server)) return server;
      forgetId(holderOf);
    }
    const found = (await listServers(access, asking)).find(has);
    if (found !== undefined) noteId(holderOf, found.id);
    return found;
  }

  function told(holder: Server | undefined): string | null {
    return holder === undefined ? null : `${holder.id}`;
  }

  function has({ privateNets }: Server): boolean {
    const net = privateNets.find(({ network }) => network === settings.network);
    return net !== undefined && net.aliasIps.some((one) => sameAddress(one, ip));
  }

  /** The server's place in the network. @throws CloudError when it has none */
  function netOf({ id, name, privateNets }: Server): PrivateNet {
    const net = privateNets.find(({ network }) => network === settings.network);
    if (net !== undefined) return net;
    const message = `server ${name || id} is not in network ${settings.network}`;
    throw new CloudError({ kind: "refused", code: "NOT_IN_NETWORK", message });
  }

  /** The first reason why the address could not be moved to the wanted server. */
  async function obstacleOf(access: CloudAccess, asking: Asking): Promise<string | undefined> {
    const server = await servers.get(access, wanted, asking);
    const net = netOf(server);
    const of = `server ${server.name || server.id}`;
    if (sameAddress(net.ip, ip)) return `${ip} is the own address of ${of} in that network`;
    if (server.status !== undefined && ["off", "stopping", "deleting"].includes(server.status)) {
      return `${of} is ${server.status}`;
    }
    if (await mayWrite(access, `/servers/${server.id}`, asking)) return undefined;
    return "token_readonly: the token may only read";
  }
}

function isSoAlready(target: Server | undefined): CloudError {
  const who = target === undefined ? "no server has" : `server ${target.name || target.id} has`;
  return new CloudError({ kind: "refused", code: "SO_ALREADY", message: `${who} it already` });
}

function waitedTooLong(): MoveError {
  const message = "other changes of alias IPs in this project took all of the time";
  return new MoveError({ kind: "unsent", code: "TIMEOUT", message });
}

/**
 * Makes the provider of an alias IP that is to be kept at one server.
 *
 * @throws TypeError when the URL is invalid
 */
export function keptAliasIp(settings: KeptAliasIp): KeptAddress {
  return keptBy(aliasIpProvider(settings), settings);
}
