import { abortable } from "@std/async/abortable";
import { concatenate } from "../concatenate.ts";
import { writeAll } from "../write_all.ts";
import type { Line } from "./line.ts";
import { type Request, requestText } from "./request_text.ts";
import { readBody } from "./_reply_body.ts";
import { readHead, type ReplyHead } from "./_reply_head.ts";
import { ReplyReader } from "./_reply_reader.ts";

/** A reply: its head is whole, its body may be cut off. */
export interface Reply extends ReplyHead {
  /** The body, as far as it came. */
  readonly body: Uint8Array;
  /** The reason why the body is cut off; left out when it is whole. */
  readonly fault?: unknown;
}

/** The means of an exchange. */
export interface ExchangeOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told the head as soon as that is whole. */
  readonly onHead?: (head: ReplyHead) => void;
  /** The most bytes that the reply may take; default `maxReplyBytes`. */
  readonly mostBytes?: number;
}

/**
 * Sends one request over a line, exactly once, and reads the reply, which is hostile until it is
 * read: with its interim replies, the framing of its chunks and its trailers it takes no
 * more than it may. The caller closes the line, over which no second request is to go.
 *
 * @throws ReplyError when no head of a reply comes
 * @throws Error of the line, when that breaks before
 * @throws TypeError when a part of the request does not fit into its head; nothing is sent then
 * @throws the signal's reason when it is aborted before
 */
export async function exchange(
  line: Line,
  request: Request,
  { signal, onHead, mostBytes }: ExchangeOptions,
): Promise<Reply> {
  await abortable(writeAll(line, requestText(request)), signal);
  const reader = new ReplyReader(line, signal, mostBytes);
  const head = await readHead(reader);
  onHead?.(head);
  const parts: Uint8Array[] = [];
  const take = (part: Uint8Array) => parts.push(part);
  // The status is of use even without its body.
  const fault = await readBody(reader, head, take).then(() => undefined, (error) => error);
  return { ...head, body: concatenate(parts), fault };
}
