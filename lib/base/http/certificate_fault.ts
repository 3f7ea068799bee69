import { isoSeconds } from "../iso_seconds.ts";
import { plainText } from "../plain_text.ts";

/** The reason why a certificate does not verify. */
export interface CertificateFault {
  /** The code: `CERT_HAS_EXPIRED`, `CERT_NOT_YET_VALID` and others that begin with `CERT_`. */
  readonly code: string;
  /** The reason in a sentence: dates are followed by the time that this machine's clock has. */
  readonly text: string;
}

// The runtime's words (of rustls), and the code and the text for each.
const faults: readonly [words: RegExp, code: string, text: (parts: readonly string[]) => string][] =
  [
    [
      /expired: verification time (\d+).* not valid after (\d+)/,
      "CERT_HAS_EXPIRED",
      ([now, end]) => `has expired: it was valid until ${time(end)}, and ${clockSays(now)}`,
    ],
    [
      /not valid yet: verification time (\d+).* not valid before (\d+)/,
      "CERT_NOT_YET_VALID",
      ([now, begin]) =>
        `is not yet valid: it will be from ${time(begin)} on, and ${clockSays(now)}`,
    ],
    [/Expired/, "CERT_HAS_EXPIRED", () => "has expired, or this server's clock is wrong"],
    [
      /NotValidYet/,
      "CERT_NOT_YET_VALID",
      () => "is not yet valid, or this server's clock is wrong",
    ],
    [
      /not valid for name "([^"]*)"(?:; certificate is only valid for (.*))?/s,
      "CERT_OTHER_NAME",
      ([name, names]) =>
        `is not for ${name}${names === undefined ? "" : `, but for ${only(names)}`}`,
    ],
    [/NotValidForName/, "CERT_OTHER_NAME", () => "is for another name"],
    [
      /UnknownIssuer|BadSignature/,
      "CERT_UNKNOWN_ISSUER",
      () => "does not verify: neither this server's certificates nor those of ca vouch for it",
    ],
  ];

/**
 * The reason why a certificate does not verify; undefined where that is not what an error says.
 *
 * @param words the runtime's words: names in them are the other end's
 */
export function certificateFault(words: string): CertificateFault | undefined {
  const [, why] = /^invalid peer certificate: (.*)$/s.exec(words) ?? [];
  if (why === undefined) return undefined;
  for (const [pattern, code, text] of faults) {
    const [found, ...parts] = pattern.exec(why) ?? [];
    if (found !== undefined) return { code, text: sentence(text(parts)) };
  }
  return { code: "CERT_INVALID", text: sentence(`does not verify: ${why}`) };
}

function sentence(end: string): string {
  return `the certificate ${plainText(end, 300)}`;
}

function clockSays(seconds: string): string {
  return `this server's clock says ${time(seconds)}`;
}

function time(seconds: string): string {
  // A certificate may tell any time, and a date has its limits.
  return isoSeconds(Math.min(Number(seconds), 1e11));
}

/** `DnsName("a.test") or IpAddress(1.2.3.4)` as `a.test or 1.2.3.4`. */
function only(names: string): string {
  return names.replace(/\w+\("?([^")]*)"?\)/g, "$1");
}
