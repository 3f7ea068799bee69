/** How many bytes are read before the next pause. */
const portion = 64 * 1024;
/** For how many bytes a piece counts that is smaller: each one costs time. */
const leastPiece = 1024;
/** How long a pause is: others have their turn, and a command that writes on waits. */
const pauseMs = 20;

/**
 * Reads to the end, at most some 3 MiB a second. Output that is always there would leave no time for
 * anything else: neither timers nor sockets have their turn between two reads that need not wait.
 *
 * @param take Given each piece; must not wait for anything
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
