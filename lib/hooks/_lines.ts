// The rest of a longer line is left out, so that a command cannot fill the memory.
const maxBytes = 4096;

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Cuts a text that comes in pieces into its lines, without their ends; empty ones are left out. Only
 * the first 4 KiB of a line are taken, with `…` behind them.
 */
export class Lines {
  readonly #take: (read: () => string) => void;
  readonly #line = new Uint8Array(maxBytes);
  readonly #read = () => this.#text();
  #length = 0;
  #isCut = false;

  /**
   * Takes the receiver of the lines.
   *
   * @param take called at the end of each line; its argument decodes the line, which takes time,
   * and need not be called
   */
  constructor(take: (read: () => string) => void) {
    this.#take = take;
  }

  /** Takes the next piece of the text. */
  push(piece: Uint8Array): void {
    // Byte by byte: a piece may hold tens of thousands of lines.
    for (const byte of piece) {
      if (byte === lineFeed) this.end();
      else if (this.#length < maxBytes) this.#line[this.#length++] = byte;
      else this.#isCut = true;
    }
  }

  /** Ends the line here, also where the text ends without an end of line. */
  end(): void {
    if (!this.#isCut && this.#line[this.#length - 1] === carriageReturn) this.#length--;
    if (this.#length > 0) this.#take(this.#read);
    this.#length = 0;
    this.#isCut = false;
  }

  #text(): string {
    const bytes = this.#line.subarray(0, this.#length);
    // A character whose end is missing is left out.
    const text = new TextDecoder().decode(bytes, { stream: this.#isCut });
    return this.#isCut ? `${text}…` : text;
  }
}
