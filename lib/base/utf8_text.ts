/** Bytes that are no UTF-8 text. */
export class NotUtf8 extends Error {
  readonly #bytes: Uint8Array;

  /** Keeps the bytes, for {@link asLatin1}. */
  constructor(bytes: Uint8Array) {
    super("it is not UTF-8 text");
    this.#bytes = bytes;
  }

  /** The bytes as text in Latin-1, which any bytes are. */
  asLatin1(): string {
    return new TextDecoder("latin1").decode(this.#bytes);
  }
}

/**
 * The text in bytes that must be UTF-8; a byte order mark at its beginning is left out.
 *
 * @throws NotUtf8 when the bytes are something else
 */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new NotUtf8(bytes);
  }
}
