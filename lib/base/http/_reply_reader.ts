import { abortable } from "@std/async/abortable";
import type { Line } from "./line.ts";
import { maxReplyBytes, ReplyError } from "./reply_error.ts";

const newline = 0x0a;
const chunkBytes = 4_096;

/**
 * The bytes of one reply, asked for piece by piece. All that comes counts against a limit, so
 * whatever is endless in a reply comes to an end here.
 */
export class ReplyReader {
  readonly #line: Pick<Line, "read">;
  readonly #signal: AbortSignal;
  readonly #mostBytes: number;
  #bytes = new Uint8Array(chunkBytes);
  #length = 0;
  #at = 0;

  /**
   * Takes the line to read from, and the signal that ends all waiting.
   *
   * @param mostBytes the limit of the whole reply
   */
  constructor(line: Pick<Line, "read">, signal: AbortSignal, mostBytes = maxReplyBytes) {
    this.#line = line;
    this.#signal = signal;
    this.#mostBytes = mostBytes;
  }

  /** Whether bytes have come that nobody has asked for yet. */
  get hasMore(): boolean {
    return this.#at < this.#length;
  }

  /**
   * The next line of text, without its line break.
   *
   * @throws ReplyError when the reply is too long, or ends before
   */
  async textLine(): Promise<string> {
    let end = -1;
    for (let from = this.#at; end < 0;) {
      end = this.#bytes.subarray(0, this.#length).indexOf(newline, from);
      from = this.#length;
      if (end < 0 && !await this.#readOn()) {
        throw new ReplyError("cut", "closed before the whole reply had come");
      }
    }
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    return new TextDecoder().decode(line).replace(/\r$/, "");
  }

  /**
   * The next bytes, at least one and at most `most` of them; undefined: the connection has ended.
   *
   * @throws ReplyError when the reply is too long
   */
  async bytes(most: number): Promise<Uint8Array | undefined> {
    if (!this.hasMore && !await this.#readOn()) return undefined;
    const part = this.#bytes.slice(this.#at, Math.min(this.#at + most, this.#length));
    this.#at += part.length;
    return part;
  }

  /** Waits for more bytes; false: the connection has ended. */
  async #readOn(): Promise<boolean> {
    const chunk = new Uint8Array(chunkBytes);
    const count = await abortable(this.#line.read(chunk), this.#signal);
    if (count === null) return false;
    if (this.#length + count > this.#mostBytes) {
      throw new ReplyError("too long", `the reply is longer than ${this.#mostBytes} bytes`);
    }
    this.#grow(this.#length + count);
    this.#bytes.set(chunk.subarray(0, count), this.#length);
    this.#length += count;
    return true;
  }

  #grow(length: number): void {
    if (length <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
