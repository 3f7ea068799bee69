import { abortable } from "@std/async/abortable";
import { readFileAsync } from "./read_file.ts";

/** Thrown when a `ca` cannot be read or holds no certificate; the message says which and why. */
export class UnusableCa extends Error {
  /** Always `UnusableCa`. */
  override readonly name = "UnusableCa";
}

/**
 * The certificates of a `ca`, to be trusted besides the system's.
 *
 * @param ca PEM text, or the path of a file that holds it; undefined: there is none
 * @param signal ends the reading of that file
 * @returns PEM texts, one a certificate
 * @throws UnusableCa when `ca` cannot be read or holds no certificate
 */
export async function certificatesOf(
  ca: string | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  return ca === undefined ? [] : certificatesIn(ca, await pemText(ca, signal));
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

function certificatesIn(ca: string, pem: string): string[] {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ??
    [];
  if (certificates.length === 0) throw unusable(ca, "it holds no certificate in PEM form");
  if (!certificates.every(isWhole)) throw unusable(ca, "a certificate in it cannot be read");
  return certificates;
}

/** Whether a certificate is one value of DER, whole: a file that was cut off is told by that. */
function isWhole(pem: string): boolean {
  try {
    const der = Uint8Array.fromBase64(pem.replace(/-----[^-]*-----/g, ""));
    const [tag, form, high, low] = der;
    const end = form === 0x82 ? 4 + high * 256 + low : form === 0x81 ? 3 + high : 0;
    return tag === 0x30 && der.length === end;
  } catch {
    return false;
  }
}

function unusable(ca: string, why: string): UnusableCa {
  const name = isPem(ca) ? "ca" : `ca file ${ca}`;
  return new UnusableCa(`${name}: ${why}`);
}

function isPem(ca: string): boolean {
  return ca.includes("-----BEGIN");
}
