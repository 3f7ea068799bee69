import { castingOf, parseAddress } from "./address.ts";
import { type CipherName, cipherNames, type LegionConfig } from "./config.ts";
import { Invalid } from "../base/invalid.ts";
import { parseWhole } from "../base/number.ts";

/** The fields that a line `legion = NAME ADDR VALOR CIPHER:SECRET[ IV]` fills. */
export type LegionLine = Pick<
  LegionConfig,
  "name" | "address" | "casting" | "valor" | "cipher" | "secret" | "iv"
>;

// Announcements carry the name, and must fit into a datagram.
const maxNameBytes = 255;

const form = "NAME ADDRESS VALOR CIPHER:SECRET [IV]";

/**
 * Reads the value of `legion` or `legion-mcast`.
 *
 * @throws Invalid when a part is missing or wrong
 */
export function parseLegion(text: string): LegionLine {
  const [name, at, rank, encryption, iv = "", ...more] = text.split(/\s+/);
  if (encryption === undefined) throw new Invalid(`a part is missing; right would be ${form}`);
  if (more.length > 0) throw new Invalid(`there are too many parts; right would be ${form}`);
  if (new TextEncoder().encode(name).length > maxNameBytes) {
    throw new Invalid(`the name is longer than ${maxNameBytes} bytes`);
  }
  const address = parseAddress(at);
  const valor = valorOf(rank);
  const colon = encryption.indexOf(":");
  if (colon < 0) throw new Invalid(`the cipher is missing; there are ${cipherNames.join(", ")}`);
  const cipher = cipherOf(encryption.slice(0, colon));
  const secret = encryption.slice(colon + 1);
  if (secret === "") throw new Invalid(`the secret is missing; right would be ${form}`);
  return { name, address, casting: castingOf(address), valor, cipher, secret, iv };
}

function valorOf(text: string): number {
  try {
    return parseWhole(text);
  } catch {
    throw new Invalid("the valor is no whole number from 0");
  }
}

function cipherOf(text: string): CipherName {
  const cipher = cipherNames.find((name) => name === text.toLowerCase());
  if (cipher !== undefined) return cipher;
  throw new Invalid(`there is no such cipher; there are ${cipherNames.join(", ")}`);
}
