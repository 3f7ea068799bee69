import type { Socket } from "node:net";
import { plainText } from "../base/plain_text.ts";
import { trustedCertificates, UnusableCa } from "../base/trust.ts";
import type { HttpRequest } from "./http.ts";
import { MoveError } from "./move_error.ts";
import { untrustedText } from "./untrusted_text.ts";

/** The end of a connection to a provider. */
export interface Reached {
  /** The name or address that was connected to, with its port. */
  readonly host: string;
  /** The IP address behind it; empty: not told. */
  readonly address: string;
  /** Whether the certificate was verified, left unverified, or there is none (http). */
  readonly certificate: "verified" | "unverified" | "none";
}

/**
 * Connects to the place of a request and closes the connection, without a request: nothing is
 * counted. Tells whether the name resolves, the port answers and the certificate verifies.
 *
 * @throws MoveError `unsent` or `untrusted`, with the system's code, such as `ENOTFOUND`
 * @throws TypeError when the URL is invalid
 * @throws the signal's reason when it is aborted
 */
export async function reach(
  { url, family, sslNoVerify = false, ca, timeoutMs, signal }: Pick<
    HttpRequest,
    "url" | "family" | "sslNoVerify" | "ca" | "timeoutMs" | "signal"
  >,
): Promise<Reached> {
  const { protocol, hostname, port } = new URL(url);
  const isPlain = protocol === "http:";
  const to = { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || 0) };
  to.port ||= isPlain ? 80 : 443;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  const end = signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]);
  let socket: Socket | undefined;
  try {
    const trusted = isPlain || sslNoVerify ? [] : await trustedCertificates(ca, end);
    const { connect, isIP } = await import("node:net");
    end.throwIfAborted();
    socket = connect({ ...to, family });
    await event(socket, "connect", end);
    const address = socket.remoteAddress ?? "";
    const host = `${hostname}:${to.port}`;
    if (isPlain) return { host, address, certificate: "none" };
    const { connect: secure } = await import("node:tls");
    end.throwIfAborted();
    const servername = isIP(to.host) === 0 ? to.host : undefined;
    const over = { socket, host: to.host, servername };
    socket = secure({ ...over, ca: trusted, rejectUnauthorized: !sslNoVerify });
    await event(socket, "secureConnect", end);
    return { host, address, certificate: sslNoVerify ? "unverified" : "verified" };
  } catch (error) {
    signal?.throwIfAborted();
    throw explained(error, late.signal.aborted, timeoutMs);
  } finally {
    clearTimeout(timer);
    socket?.destroy();
  }
}

/** Waits for an event of a socket, which may never come. */
async function event(socket: Socket, name: string, end: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const aborted = () => reject(end.reason);
  end.addEventListener("abort", aborted, { once: true });
  if (end.aborted) aborted();
  socket.once(name, () => resolve());
  // Several errors may come, and one without a listener would end the process.
  socket.on("error", reject);
  socket.once("close", () => reject(new Error("the connection was closed")));
  try {
    await promise;
  } finally {
    end.removeEventListener("abort", aborted);
  }
}

function explained(error: unknown, isLate: boolean, timeoutMs: number): MoveError {
  if (error instanceof UnusableCa) {
    const { message } = error;
    return new MoveError({ kind: "untrusted", code: "CA_UNUSABLE", message });
  }
  if (isLate) {
    const message = `no connection within ${timeoutMs / 1000} s`;
    return new MoveError({ kind: "unsent", code: "TIMEOUT", message });
  }
  const { code: told, message: text } = error as { code?: unknown; message?: unknown };
  const code = typeof told === "string" ? told : "CONNECTION_FAILED";
  const why = plainText(String(text), 200);
  return /CERT|VERIFY/.test(code)
    ? new MoveError({
      kind: "untrusted",
      code,
      message: untrustedText(code, why),
    })
    : new MoveError({ kind: "unsent", code, message: `no connection: ${why}` });
}
