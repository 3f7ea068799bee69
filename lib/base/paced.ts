/** How many bytes are read before the next pause. */
const portion = 64 * 1024;
/** The number of bytes that a smaller piece counts as: every piece costs time. */
const leastPiece = 1024;
/**
 * The length of a pause, in milliseconds: others have their turn, and a command that writes on
 * waits.
 */
const pauseMs = 20;

/**
 * Reads to the end, at most some 3 MiB a second. Without pauses, output that is always ready would
 * leave neither timers nor sockets their turn.
 *
 * @param take called with each piece; must not wait for anything
 * @throws when the output cannot be read
 */
export async function readPaced(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  let left = portion;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    take(value);
    left -= Math.max(value.length, leastPiece);
    if (left > 0) continue;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    left = portion;
  }
}
