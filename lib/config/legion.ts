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

// OpenSSL's other names of the ciphers.
const aliases: Readonly<Record<string, CipherName>> = {
  bf: "bf-cbc",
  blowfish: "bf-cbc",
  aes128: "aes-128-cbc",
  aes192: "aes-192-cbc",
  aes256: "aes-256-cbc",
  des3: "des-ede3-cbc",
};

/**
 * Reads the value of `legion` or `legion-mcast`. The secret ends at the first space, and all that
 * follows it is the IV, further spaces too.
 *
 * @param cut takes the number that the valor begins with, in which the rest is left out; by default all of it
 * @throws Invalid when a part is missing or wrong
 */
export function parseLegion(text: string, cut = (valor: string) => valor): LegionLine {
  const parts = /^(\S+)\s+(\S+)\s+(\S+)\s+([^ ]+)(?: (.*))?$/s.exec(text);
  if (parts === null) throw new Invalid(`a part is missing; right would be ${form}`);
  const [, name, at, rank, encryption, iv = ""] = parts;
  if (new TextEncoder().encode(name).length > maxNameBytes) {
    throw new Invalid(`the name is longer than ${maxNameBytes} bytes`);
  }
  const address = parseAddress(at);
  const valor = valorOf(cut(rank));
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
  const lower = text.toLowerCase();
  const cipher = Object.hasOwn(aliases, lower)
    ? aliases[lower]
    : cipherNames.find((name) => name === lower);
  if (cipher !== undefined) return cipher;
  throw new Invalid(`there is no such cipher; there are ${cipherNames.join(", ")}`);
}
