import { formatAddress } from "../config/address.ts";
import { Buffer } from "node:buffer";
import dgram from "node:dgram";

/** An IP address and a UDP port. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** What carries the datagrams of one legion. */
export interface Transport {
  /**
   * Sends a datagram, which must not be changed afterwards; what cannot be sent is reported, and lost
   * as on any network.
   */
  send(datagram: Uint8Array, to: Peer): void;
  /** Waits for what was sent to leave, and closes. */
  close(): Promise<void>;
}

/** Where to listen, and who takes what comes in. */
export interface TransportOptions {
  readonly address: Peer;
  /** `multicast` joins the group, `broadcast` may send to 255.255.255.255; both bind to any. */
  readonly casting: "unicast" | "multicast" | "broadcast";
  /**
   * The longest datagram to be taken in, in bytes; longer ones come cut, but still longer than this.
   * Left out: whatever comes.
   */
  readonly longest?: number;
  readonly received: (datagram: Uint8Array, from: Peer) => void;
  /** A datagram could not be sent to a peer, for this reason. */
  readonly unsent: (to: Peer, reason: string) => void;
}

/** An address that cannot be listened on: the message says which, why and what to do. */
export class BindError extends Error {
  override readonly name = "BindError";
}

// A legion of a thousand that all come at once has more to say than leaves the machine: what waits is
// old by the time it goes, and the next announcement says more.
const maxSending = 4_000;

const reasons: Record<string, string> = {
  EADDRINUSE: "the address is in use: does another node run already?",
  EADDRNOTAVAIL: "the address is not on this machine: see `ip address`",
  EACCES: "permission denied: ports below 1024 need root",
};

/**
 * Listens on a UDP socket.
 *
 * @throws BindError when that cannot be
 */
export async function openUdp(options: TransportOptions): Promise<Transport> {
  const { address, casting, longest, received, unsent } = options;
  const six = address.host.includes(":");
  // Several nodes of one machine may be in one multicast group or broadcast domain.
  const shared = casting !== "unicast";
  const type = six ? "udp6" : "udp4";
  // Deno takes as much memory for each datagram, however short, or else 64 KiB: in a flood that
  // piles up, and is not given back. With one byte more it is seen what was cut.
  const recvBufferSize = longest === undefined ? undefined : longest + 1;
  const socket = dgram.createSocket({ type, reuseAddr: shared, recvBufferSize });
  try {
    await bound(socket, shared ? (six ? "::" : "0.0.0.0") : address.host, address.port);
    if (casting === "broadcast") socket.setBroadcast(true);
    if (casting === "multicast") {
      socket.addMembership(address.host);
      socket.setMulticastLoopback(true);
    }
  } catch (error) {
    socket.close();
    throw new BindError(`cannot listen on ${formatAddress(address)}: ${reasonOf(error as Error)}`);
  }
  socket.on("message", (datagram, { address: host, port }) => received(datagram, { host, port }));
  // Errors of sending come with the callback below; what else a socket reports (a peer's port
  // unreachable, say) is no reason to end.
  socket.on("error", () => {});

  let sending = 0;
  let allSent = () => {};
  return {
    send(datagram, to) {
      if (sending >= maxSending) return unsent(to, "too much waits to be sent");
      const { buffer, byteOffset, length } = datagram;
      sending++;
      socket.send(Buffer.from(buffer, byteOffset, length), to.port, to.host, (error) => {
        if (error) unsent(to, reasonOf(error));
        if (--sending === 0) allSent();
      });
    },
    async close() {
      if (sending > 0) await new Promise<void>((resolve) => allSent = resolve);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

function bound(socket: dgram.Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: host, port }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

function reasonOf(error: Error & { code?: string }): string {
  return reasons[error.code ?? ""] ?? error.message;
}
