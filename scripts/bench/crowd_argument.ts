import type { CipherOptions } from "../../lib/legion/cipher.ts";

/** What the process of a crowd is told. */
export interface CrowdArgument {
  /** Where the node is that they all support. */
  readonly lord: { readonly host: string; readonly port: number };
  /** The address of each member, and the port of them all. */
  readonly hosts: readonly string[];
  readonly port: number;
  /** Over what time they spread their echoes of one announcement of the lord. */
  readonly spreadMs: number;
}

/** The legion that they are in, and how it is encrypted. */
export const crowdLegion = "bench";
export const crowdCipher: CipherOptions = { cipher: "bf-cbc", secret: "secret1", iv: "" };
