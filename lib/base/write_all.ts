/** A place to write bytes to, such as `Deno.stderr` or a connection. */
export interface ByteSink {
  /** Takes some of the bytes, and resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Writes a text in UTF-8 to its end, in as many writes as the sink needs.
 *
 * @throws Error of the sink, when it takes no more
 */
export async function writeAll(sink: ByteSink, text: string): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(await sink.write(bytes));
}
