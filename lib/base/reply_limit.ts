import type { ClientRequest } from "node:http";

/**
 * The most bytes a reply may take on the wire, from the first status line to the last trailer. A
 * provider's reply takes some hundred bytes, a list of all addresses some thousand.
 */
export const maxReplyBytes = 128 * 1024;

/**
 * Tells when a reply takes more than {@link maxReplyBytes}. The bytes are counted where they come
 * in: the runtime limits a head, but neither the number of interim responses nor the framing around
 * a body's chunks.
 *
 * @param tooLong called once; nothing is ended but by it
 */
export function limitReply(request: ClientRequest, tooLong: () => void): void {
  request.once("socket", (socket) => {
    let length = 0;
    socket.on("data", (chunk: Uint8Array) => {
      const before = length;
      length += chunk.length;
      if (before <= maxReplyBytes && length > maxReplyBytes) tooLong();
    });
  });
}
