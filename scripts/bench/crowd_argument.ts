import type { CipherOptions } from "../../lib/legion/cipher.ts";

/** The argument of the process of a crowd. */
export interface CrowdArgument {
  /** The address of the node they all support. */
  readonly lord: { readonly host: string; readonly port: number };
  /** The IP address of each member. */
  readonly hosts: readonly string[];
  /** The UDP port of all members. */
  readonly port: number;
  /** The time over which they spread their echoes of one announcement, in milliseconds. */
  readonly spreadMs: number;
}

/** The name of their legion. */
export const crowdLegion = "bench";
/** The encryption of their legion. */
export const crowdCipher: CipherOptions = { cipher: "bf-cbc", secret: "secret1", iv: "" };
