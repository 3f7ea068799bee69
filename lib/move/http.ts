import { alarm } from "../base/alarm.ts";
import { close } from "../base/close.ts";
import { exchange, type Reply } from "../base/http/exchange.ts";
import { ReplyError } from "../base/http/reply_error.ts";
import { plainText } from "../base/plain_text.ts";
import { MoveError } from "./move_error.ts";
import { open, type Opened } from "./_open.ts";
import { unsentInTime } from "./_unsent.ts";

/** One HTTP request to a provider. */
export interface HttpRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The URL, http or https. */
  readonly url: string;
  /** The headers besides `host`, `connection` and `content-length`. */
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
  /**
   * The proxy to go through, `http://USER:PASSWORD@HOST:PORT`; `none` or empty: none. When left out,
   * the environment names it ({@link proxyFor}).
   */
  readonly proxy?: string;
  /** The most bytes that the reply may take; default 128 KiB. */
  readonly mostBytes?: number;
  /** Cancels the request. */
  readonly signal?: AbortSignal;
  /** As `Asking.recheck`. */
  readonly recheck?: () => void;
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
 * @throws MoveError `lost`, `unsent` or `untrusted`; `refused` by a proxy; `unreadable` where the
 * reply is too long, or no HTTP
 * @throws TypeError when the URL is invalid, or neither http nor https
 * @throws the signal's reason when it is aborted, at any moment
 */
export async function send(request: HttpRequest): Promise<HttpReply> {
  const { signal, timeoutMs } = request;
  const url = httpUrl(request.url);
  signal?.throwIfAborted();
  const end = new AbortController();
  const callOff = alarm(timeoutMs, () => end.abort());
  const cancel = () => end.abort();
  signal?.addEventListener("abort", cancel, { once: true });
  let opened: Opened | undefined;
  let waitedFor = "";
  const explain = (error: unknown) => {
    if (error instanceof MoveError) return error;
    if (!end.signal.aborted) return failed(error);
    return opened === undefined ? unsentInTime(timeoutMs, waitedFor) : lostInTime(timeoutMs);
  };
  try {
    opened = await open(request, end.signal, (what) => waitedFor = what);
    // The connection took its time, and nothing can be called back once it is sent.
    request.recheck?.();
    signal?.throwIfAborted();
    const { status, headers, body, fault } = await ask(request, url, opened, end.signal);
    signal?.throwIfAborted();
    opened.wasGood();
    return {
      status,
      location: headers.get("location"),
      retryAfter: headers.get("retry-after"),
      body,
      cut: fault === undefined ? undefined : explain(fault),
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw explain(error);
  } finally {
    callOff();
    signal?.removeEventListener("abort", cancel);
    close(opened?.line);
  }
}

function httpUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  throw new TypeError(`the URL must begin with http:// or https://, not with ${url.protocol}`);
}

async function ask(
  { method, headers, body, mostBytes }: HttpRequest,
  { protocol, host, pathname, search }: URL,
  { line, proxy }: Opened,
  signal: AbortSignal,
): Promise<Reply> {
  const path = pathname + search;
  const request = { method, target: path, host, headers, body };
  // A proxy takes http as it is, for a whole URL; for https it only carries.
  if (protocol !== "http:" || proxy === undefined) {
    return await exchange(line, request, { signal, mostBytes });
  }
  const forwarded = {
    ...request,
    target: `http://${host}${path}`,
    headers: { ...headers, ...proxy.headers },
  };
  return await exchange(line, forwarded, { signal, mostBytes });
}

function lostInTime(timeoutMs: number): MoveError {
  const message = `no reply within ${Math.ceil(timeoutMs) / 1000} s`;
  return new MoveError({ kind: "lost", code: "TIMEOUT", message });
}

/** The error for a request that was sent. */
function failed(error: unknown): MoveError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const why = plainText(String(message), 200);
  if (error instanceof ReplyError && ["too long", "malformed"].includes(error.kind)) {
    return new MoveError({ kind: "unreadable", code: "UNREADABLE_REPLY", message: why });
  }
  return new MoveError({
    kind: "lost",
    code: typeof code === "string" ? code : "ECONNRESET",
    message: `the connection was lost: ${why}`,
  });
}
