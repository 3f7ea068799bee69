import type { ClientRequest } from "node:http";

/**
 * How many bytes a reply may take on the wire, from its first status line to the last trailer. A
 * reply of the Robot takes some hundred bytes, a list of all addresses some thousand.
 */
export const maxReplyBytes = 128 * 1024;

/**
 * Tells when a reply takes more than {@link maxReplyBytes}. They are counted where they come in: the
 * runtime bounds a head by itself, but neither the number of interim responses nor what stands
 * around the chunks of a body, and it hands out only the body.
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
