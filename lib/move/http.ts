import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { anchorFor, noteAnchor } from "../base/anchors.ts";
import { concatenate } from "../base/concatenate.ts";
import { plainText } from "../base/plain_text.ts";
import { MoveError } from "./move_error.ts";
import { openerFor } from "../base/http_opener.ts";
import { limitReply, maxReplyBytes } from "../base/reply_limit.ts";
import { trustedCertificates, UnusableCa } from "../base/trust.ts";
import { untrustedText } from "./untrusted_text.ts";

/** One HTTP request to a provider. */
export interface HttpRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** The URL, http or https. */
  readonly url: string;
  /** The headers besides `host` and the ones about the body's length. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; none when left out. */
  readonly body?: string;
  /** The limit for all of it, in milliseconds: reading `ca`, name resolution, connection, reply. */
  readonly timeoutMs: number;
  /** The only version of IP to connect over; either when left out. */
  readonly family?: 4 | 6;
  /** Whether to leave the certificate unverified. */
  readonly sslNoVerify?: boolean;
  /** Certificates to trust besides the system's: PEM text, or the path of a file that holds it. */
  readonly ca?: string;
  /** Cancels the request. */
  readonly signal?: AbortSignal;
}

/** A reply, whole or cut off. */
export interface HttpReply {
  /** The HTTP status. */
  readonly status: number;
  /** The target of a redirect. */
  readonly location?: string;
  /** The header `Retry-After`, as it came. */
  readonly retryAfter?: string;
  /** The body, as far as it came. */
  readonly body: Uint8Array;
  /** The reason why the body is cut off; left out when it is whole. */
  readonly cut?: MoveError;
}

/**
 * Sends one request, exactly once, over a connection of its own. Follows no redirect.
 *
 * @throws MoveError `lost`, `unsent`, `untrusted`, or `unreadable` where the reply is too long
 * @throws TypeError when the URL is invalid, or neither http nor https
 * @throws the signal's reason when it is aborted, at any moment
 */
export async function send(request: HttpRequest): Promise<HttpReply> {
  const { signal, timeoutMs } = request;
  const url = httpUrl(request.url);
  signal?.throwIfAborted();
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), timeoutMs);
  const cancel = () => end.abort();
  signal?.addEventListener("abort", cancel, { once: true });
  let sent = false;
  let isTooLong = false;
  const stopReading = () => {
    isTooLong = true;
    end.abort();
  };
  const explain = (error: unknown) => {
    if (error instanceof MoveError) return error;
    if (error instanceof UnusableCa) return unusable(error);
    if (isTooLong) return tooLong();
    return end.signal.aborted ? timedOut(sent, timeoutMs) : failed(sent, error);
  };
  try {
    const watched = { end: end.signal, onSent: () => sent = true, onTooLong: stopReading };
    const response = url.protocol === "http:" || request.sslNoVerify
      // No certificate is verified here, so none need be loaded to verify by.
      ? await answer(request, url, [], watched)
      : await verifiedAnswer(request, url, watched);
    const { body, cut } = await bodyOf(response, end.signal);
    signal?.throwIfAborted();
    return {
      status: response.statusCode ?? 0,
      location: response.headers.location,
      retryAfter: response.headers["retry-after"],
      body,
      cut: cut === undefined ? undefined : explain(cut),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw explain(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", cancel);
  }
}

function httpUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  throw new TypeError(`the URL must begin with http:// or https://, not with ${url.protocol}`);
}

/** The signal that ends a request, and the calls that report on it. */
interface Watched {
  readonly end: AbortSignal;
  /** Called when the connection is made: from now on the request may have arrived. */
  readonly onSent: (socket: TLSSocket) => void;
  /** Called when the reply is longer than `maxReplyBytes`. */
  readonly onTooLong: () => void;
}

/**
 * Sends a request with the certificate verified: first by the one trusted certificate that verified
 * this host before (`anchorFor`), which is quick to load, and by all of them where that one no
 * longer does.
 */
async function verifiedAnswer(
  request: HttpRequest,
  url: URL,
  watched: Watched,
): Promise<IncomingMessage> {
  const { end, onSent } = watched;
  const trusted = await trustedCertificates(request.ca, end);
  const { host } = url;
  const anchor = anchorFor(host, trusted);
  if (anchor !== undefined) {
    let sent = false;
    const onVerified = (socket: TLSSocket) => {
      sent = true;
      onSent(socket);
    };
    try {
      return await answer(request, url, [anchor], { ...watched, onSent: onVerified });
    } catch (error) {
      if (sent || end.aborted || !isUntrusted(error)) throw error;
      // The server has a new certificate, verified by another trusted one: try all of them.
    }
  }
  const onVerified = (socket: TLSSocket) => {
    onSent(socket);
    noteAnchor(host, trusted, socket);
  };
  return await answer(request, url, trusted, { ...watched, onSent: onVerified });
}

async function answer(
  { method, headers, body, family, sslNoVerify }: HttpRequest,
  url: URL,
  ca: string[],
  { end, onSent, onTooLong }: Watched,
): Promise<IncomingMessage> {
  const open = await openerFor(url);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    method,
    host: url.hostname,
    port: url.port === "" ? undefined : Number(url.port),
    path: url.pathname + url.search,
    family,
    // Every request has a connection of its own. Over a reused one the runtime sends a request
    // again by itself when the connection breaks or the request is aborted, and a POST must never be
    // sent twice.
    agent: false as const,
    signal: end,
    headers,
  };
  const request = open({ ...options, ca, rejectUnauthorized: !sslNoVerify }, resolve);
  request.once("socket", (socket) => {
    const event = url.protocol === "http:" ? "connect" : "secureConnect";
    socket.once(event, () => onSent(socket as TLSSocket));
  });
  limitReply(request, onTooLong);
  // Several errors may come, and an error without a listener would end the process.
  request.on("error", reject);
  // A request whose protocol the server switches closes without an error, and ignores the signal.
  request.on("close", () => reject(new Error("it was closed without an answer")));
  request.end(body);
  return await promise;
}

/** Reads the body as far as it comes: the status is of use even without its body. */
async function bodyOf(
  response: IncomingMessage,
  end: AbortSignal,
): Promise<{ body: Uint8Array; cut?: unknown }> {
  const chunks: Uint8Array[] = [];
  const { promise, resolve } = Promise.withResolvers<unknown>();
  response.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  response.on("end", () => resolve(undefined));
  response.on("error", resolve);
  response.on("close", () => resolve(new Error("the connection was closed")));
  end.addEventListener("abort", () => resolve(end.reason), { once: true });
  if (end.aborted) resolve(end.reason);
  const cut = await promise;
  if (cut !== undefined) response.destroy();
  return { body: concatenate(chunks), cut };
}

function tooLong(): MoveError {
  return new MoveError({
    kind: "unreadable",
    code: "UNREADABLE_REPLY",
    message: `the reply is longer than ${maxReplyBytes} bytes`,
  });
}

function unusable({ message }: UnusableCa): MoveError {
  return new MoveError({ kind: "untrusted", code: "CA_UNUSABLE", message });
}

function timedOut(sent: boolean, timeoutMs: number): MoveError {
  return new MoveError({
    kind: sent ? "lost" : "unsent",
    code: "TIMEOUT",
    message: `no ${sent ? "reply" : "connection"} within ${Math.ceil(timeoutMs) / 1000} s`,
  });
}

function failed(sent: boolean, error: unknown): MoveError {
  const name = codeOf(error);
  const untrusted = !sent && isUntrusted(error);
  const why = plainText(String((error as { message?: unknown }).message), 200);
  return new MoveError({
    kind: sent ? "lost" : untrusted ? "untrusted" : "unsent",
    code: name,
    message: sent
      ? `the connection was lost: ${why}`
      : untrusted
      ? untrustedText(name, why)
      : `no connection: ${why}`,
  });
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : "CONNECTION_FAILED";
}

function isUntrusted(error: unknown): boolean {
  return /CERT|VERIFY/.test(codeOf(error));
}
