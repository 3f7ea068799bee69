import type { Socket } from "node:net";
import type { Line } from "./line.ts";
import { readTrustedStore } from "./trusted_store.ts";

/** The other end of a line whose certificate nobody looks at. */
export interface UnverifiedEnd {
  /** The IP address to connect to. */
  readonly address: string;
  /** The port. */
  readonly port: number;
  /** The name that is meant; an IPv6 address without brackets. */
  readonly hostname: string;
  /** Goes on from the machine connected to, a proxy, to the one that is meant. */
  readonly tunnel?: (line: Line, signal: AbortSignal) => Promise<void>;
}

/**
 * Opens a line with TLS, whatever the certificate: anybody on the way can read it. The runtime's own
 * TLS always verifies, so this loads that of `node:tls`, which takes 0.1 s.
 *
 * @throws Error of the connection, or of the tunnel
 * @throws the signal's reason when it is aborted
 */
export async function openUnverified(end: UnverifiedEnd, signal: AbortSignal): Promise<Line> {
  const { address: host, port, hostname, tunnel } = end;
  const { connect, isIP } = await import("node:net");
  const { connect: secure } = await import("node:tls");
  // Nothing is verified here; but a verified connection of this process may follow.
  await readTrustedStore();
  signal.throwIfAborted();
  let socket = connect({ host, port });
  try {
    await event(socket, "connect", signal);
    await tunnel?.(lineOf(socket), signal);
    const servername = isIP(hostname) === 0 ? hostname : undefined;
    socket = secure({ socket, host: hostname, servername, rejectUnauthorized: false });
    await event(socket, "secureConnect", signal);
    return lineOf(socket);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Waits for one of the events of a socket, which may never come. */
async function event(socket: Socket, name: string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const aborted = () => reject(signal.reason);
  const closed = () => reject(new Error("the connection was closed"));
  signal.addEventListener("abort", aborted, { once: true });
  if (signal.aborted) aborted();
  socket.once(name, resolve);
  // Several errors may come, and one without a listener would end the process.
  socket.on("error", reject);
  socket.once("close", closed);
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", aborted);
    socket.off(name, resolve);
    socket.off("close", closed);
  }
}

/** A socket as a line. */
function lineOf(socket: Socket): Line {
  let fault: Error | undefined;
  let wake = () => {};
  socket.on("readable", () => wake());
  socket.on("end", () => wake());
  socket.on("close", () => wake());
  socket.on("error", (error) => {
    fault = error;
    wake();
  });
  return {
    async read(into) {
      while (true) {
        const bytes: Uint8Array | null = socket.read();
        if (bytes !== null) {
          into.set(bytes.subarray(0, into.length));
          if (bytes.length > into.length) socket.unshift(bytes.subarray(into.length));
          return Math.min(bytes.length, into.length);
        }
        if (fault !== undefined) throw fault;
        if (socket.readableEnded) return null;
        if (socket.destroyed) throw new Error("the connection was closed");
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes.slice(), (error) => error ? reject(error) : resolve(bytes.length));
      }),
    close: () => socket.destroy(),
  };
}
