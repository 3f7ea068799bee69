/**
 * The text in bytes that must be UTF-8; a byte order mark at its beginning is left out.
 *
 * @throws Error when the bytes are something else
 */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8 text");
  }
}
