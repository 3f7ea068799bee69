// A longer line is cut into several, so that a command cannot fill the memory.
const maxLength = 4096;

/** The lines of a text that comes in pieces, without their ends; empty ones are left out. */
export async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + piece).split(/\r?\n/);
    rest = parts.pop()!;
    for (const line of parts) yield* cut(line);
    if (rest.length > maxLength) {
      yield* cut(rest);
      rest = "";
    }
  }
  yield* cut(rest);
}

function* cut(line: string): Generator<string> {
  for (let at = 0; at < line.length; at += maxLength) yield line.slice(at, at + maxLength);
}
