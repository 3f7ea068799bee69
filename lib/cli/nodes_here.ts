import { groupName, userName } from "../base/account_name.ts";
import { errorMessage } from "../base/error_message.ts";
import { type NodeSockets, socketsNamed } from "../config/node_sockets.ts";
import {
  namedRuntimeFolder,
  type Surroundings,
  userRuntimeFolder,
  usualRuntimeFolder,
} from "../config/runtime_folder.ts";
import { askStats } from "../status/client.ts";
import type { Stats } from "../status/report.ts";

/** A node of this machine that has told its status. */
export interface AnsweringNode {
  /** The node's sockets. */
  readonly sockets: NodeSockets;
  /** The node's status. */
  readonly stats: Stats;
}

/** A node of this machine that runs, it seems, and has not told its status. */
export interface MuteNode {
  /** The node's sockets. */
  readonly sockets: NodeSockets;
  /** The reason in words. */
  readonly why: string;
}

/** All that was found on this machine, without any configuration. */
export interface NodesHere {
  /** The nodes that have answered. */
  readonly answering: readonly AnsweringNode[];
  /** The nodes that have not. */
  readonly mute: readonly MuteNode[];
  /** The reasons why this user may not ask: one for each socket or folder that is closed to it. */
  readonly forbidden: readonly string[];
  /** The folders that were looked into, whether they exist or not. */
  readonly folders: readonly string[];
}

/** The surroundings of this process. */
export const surroundings: Surroundings = { env: (name) => Deno.env.get(name), uid: Deno.uid() };

// The most sockets of one folder that are asked: others may have filled it.
const mostSockets = 64;

/**
 * Finds the nodes of this machine by their sockets, and asks each for its status, within some 2 s.
 *
 * The folders are those that a node's sockets can be in: of RUNTIME_DIRECTORY, `/run/failover`,
 * `/run/failover-…` (of units with other names), and, but for root, `failover` under XDG_RUNTIME_DIR.
 */
export async function nodesHere(at: Surroundings = surroundings): Promise<NodesHere> {
  const folders = foldersOf(at);
  const found = await Promise.all(folders.map(nodesIn));
  return {
    answering: found.flatMap(({ answering }) => answering),
    mute: found.flatMap(({ mute }) => mute),
    forbidden: found.flatMap(({ forbidden }) => forbidden),
    folders,
  };
}

/** Finds the nodes whose sockets are in a folder, as {@link nodesHere} does. */
export async function nodesIn(folder: string): Promise<NodesHere> {
  const answering: AnsweringNode[] = [];
  const mute: MuteNode[] = [];
  const forbidden: string[] = [];
  await Promise.all(
    socketsOf(folder, forbidden).map(async (sockets) => {
      try {
        answering.push({ sockets, stats: await statsAt(sockets.status) });
      } catch (error) {
        if (error instanceof Deno.errors.PermissionDenied) forbidden.push(noRight(sockets.status));
        else if (!isLeft(error)) mute.push({ sockets, why: errorMessage(error) });
      }
    }),
  );
  return { answering: byNode(answering), mute: byNode(mute), forbidden, folders: [folder] };
}

function byNode<T extends { sockets: NodeSockets }>(nodes: T[]): T[] {
  return nodes.sort((a, b) => a.sockets.node < b.sockets.node ? -1 : 1);
}

/** The folders that {@link nodesHere} looks into, whether they exist or not. */
export function foldersOf(at: Surroundings): string[] {
  const named = namedRuntimeFolder(at);
  // Root's own nodes are never there; the variable may be left over from the user before su.
  const ofUser = at.uid === 0 ? undefined : userRuntimeFolder(at);
  return [...new Set([named, ...ofUnits(), ofUser].filter((folder) => folder !== undefined))];
}

/** The folders of systemd's units: `failover`, and others whose names begin like that. */
function ofUnits(): string[] {
  const others: string[] = [];
  try {
    for (const { name } of Deno.readDirSync("/run")) {
      if (name.startsWith("failover-")) others.push(`/run/${name}`);
    }
  } catch {
    // A machine without a readable /run has no units.
  }
  return [usualRuntimeFolder, ...others.sort().slice(0, mostSockets)];
}

function socketsOf(folder: string, forbidden: string[]): NodeSockets[] {
  const found: NodeSockets[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      const sockets = socketsNamed(folder, name);
      if (sockets !== undefined) found.push(sockets);
      if (found.length === mostSockets) break;
    }
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) forbidden.push(noRight(folder));
  }
  return found;
}

async function statsAt(path: string): Promise<Stats> {
  const stats = await askStats({ path }, false);
  const told = stats.legions.every(({ legion, addr }) => {
    return typeof legion === "string" && typeof addr === "string";
  });
  if (!told || stats.legions.length === 0) throw new Error("what answers there is no node");
  return stats;
}

/** Whether an error means that no process listens: the socket was left behind, or is gone. */
function isLeft(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused;
}

/** The words for a socket or folder that is closed to this user, and who may use it. */
export function noRight(path: string): string {
  const what = `no right to ask at ${path}`;
  try {
    const { gid, mode } = Deno.statSync(path);
    const group = gid ? groupName(gid) : undefined;
    if (group !== undefined && ((mode ?? 0) & 0o050) !== 0) {
      const user = userName(Deno.uid() ?? 0);
      return `${what}: its group ${group} may (usermod -aG ${group} ${user}, which counts from ` +
        "the next login or start on), or use sudo";
    }
  } catch {
    // Its folder may not be looked into either.
  }
  return `${what}: its owner and root may; use sudo`;
}
