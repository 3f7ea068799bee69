import type { TLSSocket } from "node:tls";

// The trusted certificate that verified the last connection, by host and port.
const anchors = new Map<string, string>();

/**
 * The trusted certificate that verified the last connection to a host; undefined: not known, or no
 * longer trusted. With one certificate a connection is quick: the runtime reads all it is given,
 * for each connection anew, and stands still meanwhile, 20 ms with the system's some 150, at the
 * very moment an address is to be taken over.
 *
 * @param host `host:port`
 * @param trusted the certificates trusted now, in PEM
 */
export function anchorFor(host: string, trusted: readonly string[]): string | undefined {
  const anchor = anchors.get(host);
  return anchor !== undefined && trusted.includes(anchor) ? anchor : undefined;
}

/** Notes the trusted certificate that verified a connection, if it is among `trusted`. */
export function noteAnchor(host: string, trusted: readonly string[], socket: TLSSocket): void {
  const shown = (anchorShown(socket) ?? new Uint8Array()).toBase64();
  const anchor = trusted.find((pem) => pem.replace(/-----[^-]*-----|\s/g, "") === shown);
  if (anchor !== undefined) anchors.set(host, anchor);
}

// More certificates than any chain has: authorities may vouch for each other in a circle.
const maxChain = 10;

/** The last certificate of the chain, in DER, even where the other end has not sent it. */
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
