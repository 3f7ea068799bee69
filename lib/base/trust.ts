import { abortable } from "@std/async/abortable";
import { readFileAsync } from "./read_file.ts";

/** Thrown when a `ca` cannot be read or holds no certificate; the message says which and why. */
export class UnusableCa extends Error {
  /** Always `UnusableCa`. */
  override readonly name = "UnusableCa";
}

/**
 * The certificates to trust: the system's, and those of `ca` besides. Every connection must be
 * given all of them, since `node:tls` trusts its own bundle when given none, and else only those
 * given.
 *
 * @param ca PEM text, or the path of a file that holds it
 * @param signal ends the reading of that file
 * @returns PEM texts, one a certificate
 * @throws UnusableCa when `ca` cannot be read or holds no certificate
 */
export async function trustedCertificates(
  ca: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const extra = ca === undefined ? [] : await certificatesIn(ca, await pemText(ca, signal));
  return [...await systemCertificates(), ...extra];
}

async function systemCertificates(): Promise<string[]> {
  const { getCACertificates } = await import("node:tls");
  try {
    return getCACertificates("system");
  } catch {
    // A machine without a store (an empty container) makes this throw. The bundle is better than
    // nothing.
    return getCACertificates("default");
  }
}

async function pemText(ca: string, signal: AbortSignal): Promise<string> {
  if (isPem(ca)) return ca;
  try {
    return new TextDecoder().decode(await abortable(readFileAsync(ca), signal));
  } catch (cause) {
    signal.throwIfAborted();
    throw unusable(ca, cause instanceof Error ? cause.message : "it cannot be read");
  }
}

async function certificatesIn(ca: string, pem: string): Promise<string[]> {
  const { X509Certificate } = await import("node:crypto");
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ??
    [];
  if (certificates.length === 0) throw unusable(ca, "it holds no certificate in PEM form");
  for (const certificate of certificates) {
    try {
      new X509Certificate(certificate);
    } catch {
      // The runtime would only grumble on standard error, and go on without it.
      throw unusable(ca, "a certificate in it cannot be read");
    }
  }
  return certificates;
}

function unusable(ca: string, why: string): UnusableCa {
  const name = isPem(ca) ? "ca" : `ca file ${ca}`;
  return new UnusableCa(`${name}: ${why}`);
}

function isPem(ca: string): boolean {
  return ca.includes("-----BEGIN");
}
