import { ReplyError } from "./reply_error.ts";
import type { ReplyReader } from "./_reply_reader.ts";

/** The head of a reply. */
export interface ReplyHead {
  /** The HTTP status, from 200 on. */
  readonly status: number;
  /** The headers: names in small letters; the values of one name joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
}

/**
 * Reads the head of a reply, past interim replies (RFC 9112, 4 and 5; RFC 9110, 15.2).
 *
 * @throws ReplyError
 */
export async function readHead(reader: ReplyReader): Promise<ReplyHead> {
  while (true) {
    const status = statusIn(await reader.textLine());
    const headers = await readFields(reader);
    if (status === 101) throw new ReplyError("switched", "the server changed the protocol");
    if (status >= 200) return { status, headers };
  }
}

function statusIn(line: string): number {
  const [, status] = /^HTTP\/1\.\d ([1-9]\d\d)(?: |$)/.exec(line) ?? [];
  if (status === undefined) throw new ReplyError("malformed", "the reply is not HTTP/1");
  return Number(status);
}

/**
 * Reads header fields, or trailers, up to the empty line behind them.
 *
 * @throws ReplyError
 */
export async function readFields(reader: ReplyReader): Promise<Map<string, string>> {
  const fields = new Map<string, string>();
  let last = "";
  for (let line = await reader.textLine(); line !== ""; line = await reader.textLine()) {
    // A line that begins with a space goes on with the one before (RFC 9112, 5.2).
    const [, name = last, value = ""] = /^(?:([!#$%&'*+.^_`|~\w-]+):|[ \t])[ \t]*(.*?)[ \t]*$/
      .exec(line) ?? [, ""];
    if (name === "") throw new ReplyError("malformed", "a header of the reply cannot be read");
    const before = fields.get(last = name.toLowerCase());
    fields.set(last, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}
