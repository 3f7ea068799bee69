import { Buffer } from "node:buffer";
import type { TLSSocket } from "node:tls";

// By host and port: which of the trusted certificates the last connection there was verified by.
const anchors = new Map<string, string>();

/**
 * The one of the trusted certificates that mattered for the last connection; undefined: not known, or
 * no longer trusted. The runtime reads all that it is given, for each connection anew, and stands
 * still meanwhile: for 20 ms with the system's some 150, at the very moment at which an address is
 * to be taken over.
 *
 * @param host and port
 */
export function anchorFor(host: string, trusted: readonly string[]): string | undefined {
  const anchor = anchors.get(host);
  return anchor !== undefined && trusted.includes(anchor) ? anchor : undefined;
}

/** Takes note of what a connection was verified by; what is not among the trusted is none. */
export function noteAnchor(host: string, trusted: readonly string[], socket: TLSSocket): void {
  const shown = Buffer.from(anchorShown(socket) ?? []).toString("base64");
  const anchor = trusted.find((pem) => pem.replace(/-----[^-]*-----|\s/g, "") === shown);
  if (anchor !== undefined) anchors.set(host, anchor);
}

// More than any chain has; authorities may have vouched for each other.
const maxChain = 10;

/** The last of the chain, also where the other end has not sent that one: in DER. */
function anchorShown(socket: TLSSocket): Uint8Array | undefined {
  try {
    let shown = socket.getPeerCertificate(true);
    for (let length = 1; length < maxChain; length++) {
      const issuer = shown.issuerCertificate;
      if (issuer === undefined || issuer === shown) return shown.raw;
      shown = issuer;
    }
  } catch {
    // A certificate that cannot be read is no reason to end a connection that has verified.
  }
}
