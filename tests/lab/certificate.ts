import { Buffer } from "node:buffer";
import { generateKeyPairSync, sign } from "node:crypto";
import { isIPv4 } from "node:net";

/** A certificate and its key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** The common name of the subject. */
  readonly name: string;
}

/** The contents of a certificate to make. */
export interface CertificateOptions {
  /** The IPv4 address or host name to be verified; default 127.0.0.1. */
  readonly host?: string;
  /** The number of days from now until it ends; default 1. */
  readonly days?: number;
  /** The number of days from now until it begins; default: it began an hour ago, or before its end. */
  readonly inDays?: number;
  /** The common name of the subject; default `robot`. */
  readonly name?: string;
  /** The certificate that signs it; default: itself. */
  readonly by?: Certificate;
}

// Object identifiers in DER (RFC 5480 and RFC 5280).
const ecdsaWithSha256 = "2a8648ce3d040302";
const commonName = "550403";
const subjectAltName = "551d11";

/**
 * Makes a certificate. Deno has no function for this, so its DER is put
 * together here (RFC 5280).
 */
export function makeCertificate(
  { host = "127.0.0.1", days = 1, inDays, name = "robot", by }: CertificateOptions = {},
): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(tagged(0x06, ecdsaWithSha256));
  const distinguished = (name: string) =>
    sequence(tagged(0x31, sequence(tagged(0x06, commonName), tagged(0x0c, Buffer.from(name)))));
  const time = (ms: number) => {
    const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
    return tagged(0x18, Buffer.from(digits));
  };
  const end = Date.now() + days * 86_400_000;
  const begin = inDays === undefined
    ? Math.min(Date.now(), end) - 3_600_000
    : Date.now() + inDays * 86_400_000;
  const validity = sequence(time(begin), time(end));
  // [2] dNSName, [7] iPAddress
  const altName = isIPv4(host)
    ? tagged(0x87, Buffer.from(host.split(".").map(Number)))
    : tagged(0x82, Buffer.from(host));
  const extensions = sequence(
    sequence(tagged(0x06, subjectAltName), tagged(0x04, sequence(altName))),
  );
  const spki = publicKey.export({ type: "spki", format: "der" });
  const body = sequence(
    tagged(0xa0, tagged(0x02, "02")),
    tagged(0x02, "01"),
    algorithm,
    distinguished(by?.name ?? name),
    validity,
    distinguished(name),
    spki,
    tagged(0xa3, extensions),
  );
  const signature = sign("sha256", body, by?.key ?? privateKey);
  const bits = tagged(0x03, Buffer.concat([Buffer.from([0]), signature]));
  const der = sequence(body, algorithm, bits);
  const lines = der.toString("base64").match(/.{1,64}/g)!.join("\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    name,
  };
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

/** One value of DER: its tag, its length, its content (bytes, or hexadecimal digits). */
function tagged(tag: number, content: Buffer | string): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content, "hex") : content;
  const { length } = bytes;
  const size = length < 128
    ? [length]
    : length < 256
    ? [0x81, length]
    : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}
