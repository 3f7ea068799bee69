import { STATUS_TEXT } from "@std/http/status";
import { Invalid } from "../base/invalid.ts";
import { TunnelRefused } from "../base/http/tunnel.ts";
import { plainText } from "../base/plain_text.ts";
import { UnusableCa } from "../base/trust.ts";
import { certificateFault } from "../base/http/certificate_fault.ts";
import { MoveError } from "./move_error.ts";
import type { Proxy } from "./proxy.ts";

/** The end that a connection was tried to. */
export interface Tried {
  /** The address and port connected to. */
  readonly at: string;
  /** The name and port that were meant. */
  readonly target: string;
  /** The proxy, where `at` is one. */
  readonly proxy?: Proxy;
}

/**
 * The error for a request that was not sent, since there was no connection to send it over.
 *
 * @param tried undefined: nothing was tried yet
 */
export function unsent(error: unknown, tried?: Tried): MoveError {
  if (error instanceof MoveError) return error;
  if (error instanceof UnusableCa) {
    return new MoveError({ kind: "untrusted", code: "CA_UNUSABLE", message: error.message });
  }
  if (error instanceof Invalid) {
    const message = `no connection: the proxy cannot be used: ${error.message}`;
    return new MoveError({ kind: "unsent", code: "PROXY_UNUSABLE", message });
  }
  if (error instanceof TunnelRefused) return byProxy(error, tried);
  const { message: words, code } = error as { message?: unknown; code?: unknown };
  const fault = certificateFault(String(words));
  if (fault !== undefined) {
    return new MoveError({ kind: "untrusted", code: fault.code, message: fault.text });
  }
  return new MoveError({
    kind: "unsent",
    code: typeof code === "string" ? code : "CONNECTION_FAILED",
    message: `no connection: ${where(tried)}${plainText(reasonOf(String(words)), 200)}`,
  });
}

/**
 * The error at an address that was good before, and that no name server has told now: a certificate
 * there says nothing about the provider, so it is worth another try.
 */
export function unsentToRemembered(error: MoveError, at: string): MoveError {
  if (error.kind !== "untrusted") return error;
  const message = `no connection: ${at}, which was the provider's before: ${error.message}`;
  return new MoveError({ kind: "unsent", code: error.code, message });
}

/**
 * The error for a request that was not sent, since there was no connection in time.
 *
 * @param waitedFor the last of what was waited for, as `open` tells it
 */
export function unsentInTime(timeoutMs: number, waitedFor: string): MoveError {
  const message = `no connection within ${Math.ceil(timeoutMs) / 1000} s${waitedFor}`;
  return new MoveError({ kind: "unsent", code: "TIMEOUT", message });
}

function byProxy({ status }: TunnelRefused, tried?: Tried): MoveError {
  const proxy = `the proxy ${tried?.proxy?.shown}`;
  if (status === 407) {
    const message =
      `${proxy} refuses the login: right would be http://USER:PASSWORD@HOST:PORT, with its own`;
    return new MoveError({ kind: "refused", code: "PROXY_UNAUTHORIZED", message });
  }
  const told = `${status} ${STATUS_TEXT[status] ?? ""}`.trim();
  const message = `no connection: ${proxy} answers ${told}: it must let this server connect to ` +
    `${tried?.target}, or not be used for it (no_proxy, or proxy=none)`;
  return new MoveError({ kind: "unsent", code: "PROXY_REFUSED", message });
}

function where(tried?: Tried): string {
  if (tried === undefined) return "";
  return tried.proxy === undefined ? `${tried.at}: ` : `the proxy ${tried.proxy.shown}: `;
}

function reasonOf(words: string): string {
  if (/InvalidContentType/.test(words)) return "it does not speak TLS";
  return words.replace(/ \(os error \d+\)$/, "").replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase());
}
