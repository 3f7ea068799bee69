import { abortable } from "@std/async/abortable";
import { writeAll } from "../write_all.ts";
import { requestText } from "./request_text.ts";
import type { Line } from "./line.ts";
import { readHead } from "./_reply_head.ts";
import { ReplyError } from "./reply_error.ts";
import { ReplyReader } from "./_reply_reader.ts";

/** Thrown when a proxy makes no tunnel. */
export class TunnelRefused extends Error {
  /** Always `TunnelRefused`. */
  override readonly name = "TunnelRefused";
  /** The HTTP status of the proxy's reply. */
  readonly status: number;

  /** Makes an error of the status. */
  constructor(status: number) {
    super(`the proxy answered CONNECT with status ${status}`);
    this.status = status;
  }
}

/**
 * Has a proxy make the line one to another server (RFC 9110, 9.3.6).
 *
 * @param target the server, `host:port`
 * @param headers the headers for the proxy, besides `host`
 * @throws TunnelRefused when the proxy makes none
 * @throws ReplyError when its reply is none
 * @throws Error of the line
 * @throws the signal's reason when it is aborted
 */
export async function openTunnel(
  line: Line,
  { target, headers }: {
    readonly target: string;
    readonly headers: Readonly<Record<string, string>>;
  },
  signal: AbortSignal,
): Promise<void> {
  const request = requestText({ method: "CONNECT", target, host: target, headers });
  await abortable(writeAll(line, request), signal);
  const reader = new ReplyReader(line, signal);
  const { status } = await readHead(reader);
  if (status > 299) throw new TunnelRefused(status);
  // The server does not speak first; these would be the proxy's words, in its place.
  if (reader.hasMore) throw new ReplyError("malformed", "the proxy goes on after its reply");
}
