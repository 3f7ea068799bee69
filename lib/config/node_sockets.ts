import type { Address } from "../base/address.ts";
import { normalAddress, parseAddress } from "./address.ts";

/** The sockets at which a node can be asked without its configuration. */
export interface NodeSockets {
  /** The address of the node's first legion, `host:port` in its normal form. */
  readonly node: string;
  /** The folder of both sockets. */
  readonly folder: string;
  /** The path of the socket that tells the status. The group of the node may ask. */
  readonly status: string;
  /** The path of the socket that takes orders (`failover drain`), of the node's user alone. */
  readonly control: string;
}

const ending = ".status";

/**
 * The sockets of a node in its runtime folder: one pair a node, however many legions it is in. They
 * are named for its first legion's address, which no other process of the machine can listen on.
 */
export function socketsIn(folder: string, address: Address): NodeSockets {
  const node = normalAddress(address);
  const stem = `${folder}/${node}`;
  return { node, folder, status: `${stem}${ending}`, control: `${stem}.control` };
}

/** The sockets of a node by the name of a file in a folder; undefined: no status socket's name. */
export function socketsNamed(folder: string, name: string): NodeSockets | undefined {
  if (!name.endsWith(ending)) return undefined;
  try {
    const sockets = socketsIn(folder, parseAddress(name.slice(0, -ending.length)));
    return sockets.status === `${folder}/${name}` ? sockets : undefined;
  } catch {
    // A name that is no address: the file is of something else.
    return undefined;
  }
}
