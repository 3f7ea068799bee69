import { normalHost } from "../../base/ip_address.ts";
import { formatAddress, isWildcard } from "../../config/address.ts";
import type { Config, LegionConfig } from "../../config/config.ts";
import { type Answer, ok, unknown, wrong } from "./answer.ts";
import type { AskTool } from "./tool.ts";

/** A UDP socket of this machine. */
export interface UdpSocket {
  /** The host that it listens on, a wildcard or an address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** The process that has it; undefined: not told to this user. */
  readonly process?: { readonly name: string; readonly pid: number };
}

/** The facts that a port is judged by. */
export interface PortFacts {
  /** The UDP sockets of this machine; undefined: not known. */
  readonly sockets: readonly UdpSocket[] | undefined;
  /** The addresses of this machine; undefined: not known. */
  readonly hosts: readonly string[] | undefined;
  /** The process of the node, as it or systemd says; undefined: none runs. */
  readonly nodePid: number | undefined;
  /** Whether a node runs that does not answer, so that its process is not known. */
  readonly isHanging: boolean;
}

/** Asks for the UDP sockets of this machine without opening one: a node may start at that moment. */
export async function udpSockets(ask: AskTool): Promise<UdpSocket[] | undefined> {
  const said = await ask("ss", "-Hulnp");
  if (said.kind !== "said" || !said.success) return undefined;
  return said.out.split("\n").flatMap((line) => {
    const [, , , local = ""] = line.trim().split(/\s+/);
    const match = /^(.+):(\d+)$/.exec(local);
    if (match === null) return [];
    const bare = match[1].replace(/%.*$/, "").replaceAll(/[[\]]/g, "");
    const holder = /users:\(\("([^"]*)",pid=(\d+)/.exec(line);
    const process = holder === null ? undefined : { name: holder[1], pid: Number(holder[2]) };
    const host = bare === "*" ? "0.0.0.0" : bare;
    return [{ host, port: Number(match[2]), process }];
  });
}

/** Is each legion's port free, or the node's own, and its address on this machine? */
export function portAnswers({ legions }: Pick<Config, "legions">, facts: PortFacts): Answer[] {
  return legions.map((legion) => portAnswer(legion, facts));
}

function portAnswer(
  legion: LegionConfig,
  { sockets, hosts, nodePid, isHanging }: PortFacts,
): Answer {
  const { address, casting } = legion;
  const what = `port ${address.port}`;
  const at = formatAddress(address);
  const topic = "cannot-listen";
  const isOwn = casting === "unicast" && !isWildcard(address);
  if (isOwn && hosts !== undefined && !isAmong(address.host, hosts)) {
    const why = `${at} is on no interface here, and the node waits until it is`;
    return wrong(what, why, { remedy: "ip -brief address", topic });
  }
  const remedy = `ss -ulpn 'sport = :${address.port}'`;
  if (sockets === undefined) return unknown(what, "ss does not tell who listens", { remedy });
  const holders = sockets.filter(({ host, port }) =>
    port === address.port && (!isOwn || isAny(host) || isAmong(host, [address.host]))
  );
  if (holders.length === 0) {
    return nodePid === undefined
      ? ok(what, `${at} is free`)
      : wrong(what, `the node runs (process ${nodePid}), and nobody listens on ${at}`, {
        remedy: "failover status",
        topic,
      });
  }
  if (holders.some(({ process }) => process !== undefined && process.pid === nodePid)) {
    return ok(what, `the node listens on ${at}`);
  }
  const [{ process }] = holders;
  if (isHanging && process !== undefined) {
    const why =
      `${at} is in use by ${process.name}, ${process.pid}: by the node that hangs, it seems`;
    return unknown(what, why, { remedy: `ps -o pid,stat,wchan,args -p ${process.pid}` });
  }
  if (process !== undefined) {
    const why = `${at} is in use by another process: ${process.name}, ${process.pid}`;
    return wrong(what, why, { remedy, topic });
  }
  const who = "root is told which process it is";
  return nodePid === undefined
    ? wrong(what, `${at} is in use, and no node answers; ${who}`, {
      remedy: `sudo ${remedy}`,
      topic,
    })
    : ok(what, `${at} is in use, and the node runs; ${who}`);
}

function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function isAmong(host: string, hosts: readonly string[]): boolean {
  const normal = normalHost(host);
  return hosts.some((other) => {
    try {
      return normalHost(other.split("%")[0]) === normal;
    } catch {
      return false;
    }
  });
}
