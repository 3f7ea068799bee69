import type { Address } from "../../base/address.ts";
import { normalAddress } from "../../config/address.ts";
import type { Directories } from "./directories.ts";
import { memoryName } from "./_memory_name.ts";

/** A legion's node of this machine. */
export interface NodeOfLegion {
  /** The legion's name. */
  readonly legion: string;
  /** The address of the `legion` line. */
  readonly address: Address;
  /** The folders where the node remembers. */
  readonly directories: Directories;
}

/**
 * Whether a process runs a node of this legion at this address here: it holds the lock then. Where
 * the lock cannot be seen, none is known to run.
 */
export function isRunning({ legion, address, directories: { runtime } }: NodeOfLegion): boolean {
  if (runtime === undefined) return false;
  try {
    using file = Deno.openSync(`${runtime}/${memoryName(legion, normalAddress(address))}.lock`);
    return !file.tryLockSync(true);
  } catch {
    return false;
  }
}
