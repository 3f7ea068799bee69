import { delay } from "@std/async/delay";
import { formatAddress } from "../config/address.ts";

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
  /** A datagram has come; its bytes are overwritten by the next one. */
  readonly received: (datagram: Uint8Array, from: Peer) => void;
  /** A datagram could not be sent to a peer, for this reason. */
  readonly unsent: (to: Peer, reason: string) => void;
}

/** An address that cannot be listened on: the message says which, why and what to do. */
export class BindError extends Error {
  override readonly name = "BindError";
}

// What a UDP header can say.
const maxDatagram = 65_535;

// A legion of a thousand that all come at once has more to say than leaves the machine: what waits is
// old by the time it goes, and the next announcement says more.
const maxSending = 4_000;

const errorPauseMs = 10;

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
  const { unsent } = options;
  const socket = await bound(options);
  let closed = false;
  const ended = receive(socket, options, () => closed);
  let sending = 0;
  let allSent = () => {};
  const sent = () => {
    if (--sending === 0) allSent();
  };
  return {
    send(datagram, to) {
      if (sending >= maxSending) return unsent(to, "too much waits to be sent");
      sending++;
      socket.send(datagram, { transport: "udp", hostname: to.host, port: to.port })
        .catch((error) => unsent(to, reasonOf(error)))
        .catch(reportError)
        .then(sent);
    },
    async close() {
      if (sending > 0) await new Promise<void>((resolve) => allSent = resolve);
      closed = true;
      socket.close();
      await ended;
    },
  };
}

async function bound({ address, casting }: TransportOptions): Promise<Deno.DatagramConn> {
  const { host, port } = address;
  const six = host.includes(":");
  // Several nodes of one machine may be in one multicast group or broadcast domain. To broadcast
  // needs no option: all sockets of Deno's may.
  const shared = casting !== "unicast";
  let socket: Deno.DatagramConn | undefined;
  try {
    socket = Deno.listenDatagram({
      transport: "udp",
      hostname: shared ? (six ? "::" : "0.0.0.0") : host,
      port,
      reuseAddress: shared,
      loopback: shared,
    });
    if (casting === "multicast") {
      // On the interface that the system takes for it.
      await (six ? socket.joinMulticastV6(host, 0) : socket.joinMulticastV4(host, "0.0.0.0"));
    }
    return socket;
  } catch (error) {
    socket?.close();
    throw new BindError(`cannot listen on ${formatAddress(address)}: ${reasonOf(error as Error)}`);
  }
}

/** Takes in what comes, until the socket is closed. */
async function receive(
  socket: Deno.DatagramConn,
  { longest = maxDatagram, received }: TransportOptions,
  isClosed: () => boolean,
): Promise<void> {
  // With one byte more it is seen what was cut.
  const buffer = new Uint8Array(longest + 1);
  for (;;) {
    let came: [Uint8Array, Deno.Addr];
    try {
      came = await socket.receive(buffer);
    } catch {
      if (isClosed()) return;
      // What else a socket reports is no reason to end, nor to turn in a circle if it goes on so.
      await delay(errorPauseMs);
      continue;
    }
    const [datagram, from] = came;
    const { hostname, port } = from as Deno.NetAddr;
    try {
      received(datagram, { host: hostname, port });
    } catch (error) {
      // The next one is taken in all the same: a node that takes leave is no deaf one.
      reportError(error);
    }
  }
}

function reasonOf({ code = "", message }: Error & { code?: string }): string {
  return reasons[code] ?? message.replace(/ \(os error \d+\)$/, "");
}
