import type { Address } from "../base/address.ts";
import { delay } from "@std/async/delay";
import { type Clock, systemClock } from "../base/clock.ts";
import type { EventLevel } from "../base/log_level.ts";
import { formatAddress, normalAddress } from "../config/address.ts";
import { Membership } from "./_membership.ts";

/** The carrier of one legion's datagrams. */
export interface Transport {
  /**
   * Sends a datagram, which must not be changed afterwards. A failure is reported; the datagram is
   * then lost, as on any network.
   */
  send(datagram: Uint8Array, to: Address): void;
  /** Waits for sent datagrams to leave, and closes. */
  close(): Promise<void>;
  /** Resolves when the address is listened on; undefined: it is already. */
  readonly opened?: Promise<void>;
}

/** The address to listen on, and the takers of what comes. */
export interface TransportOptions {
  /** The address to listen on. */
  readonly address: Address;
  /** `multicast` joins the group, `broadcast` may send to 255.255.255.255; both bind to any. */
  readonly casting: "unicast" | "multicast" | "broadcast";
  /** The time to live of datagrams to an IPv4 group; undefined: the system's, 1. */
  readonly ttl?: number;
  /**
   * The longest datagram to take in, in bytes; longer ones come cut to one byte more. By default
   * the longest that UDP allows.
   */
  readonly longest?: number;
  /** Called when a datagram has come; its bytes are overwritten by the next one. */
  readonly received: (datagram: Uint8Array, from: Address) => void;
  /** Called when a datagram could not be sent to a peer, with the reason. */
  readonly unsent: (to: Address, reason: string) => void;
  /** The clock that tells when to look again at what may change; by default the machine's own. */
  readonly clock?: Clock;
  /** Takes the lines for the log; by default there are none. */
  readonly log?: (level: EventLevel, message: string) => void;
}

/** Thrown when an address cannot be listened on; the message says which, why and what to do. */
export class BindError extends Error {
  /** Always `BindError`. */
  override readonly name = "BindError";
}

/** Thrown when the address, or an interface for the group, is not on this machine; it may come. */
export class AddressMissing extends BindError {}

// The longest length that a UDP header can tell, in bytes.
const maxDatagram = 65_535;

// The most datagrams that may wait to be sent. A legion of a thousand that start at once has more
// to say than leaves the machine: datagrams are old when they go, and the next announcement tells
// more.
const maxSending = 4_000;

const errorPauseMs = 10;

type CodedError = Error & { readonly code?: string };

// Deno has no code for these: no interface leads to a group; the interface that a link-local address
// names, fe80::1%eth0, is not there.
const noInterface = /^(No such device|failed to lookup address information)/;

const reasons: Record<string, string> = {
  EADDRINUSE: "the address is in use: does another node run already?",
  EADDRNOTAVAIL: "the address is not on this machine: see `ip address`",
  EACCES: "permission denied: ports below 1024 need root",
};

/**
 * Listens on a UDP socket.
 *
 * @throws BindError when the address cannot be listened on
 */
export async function openUdp(options: TransportOptions): Promise<Transport> {
  const { unsent } = options;
  const own = normalAddress(options.address);
  const { socket, membership } = await bound(options);
  let closed = false;
  const ended = receive(socket, withMembership(options, membership), () => closed);
  let sending = 0;
  let allSent = () => {};
  const sent = () => {
    if (--sending === 0) allSent();
  };
  return {
    send(datagram, to) {
      if (sending >= maxSending) return unsent(to, "too much waits to be sent");
      sending++;
      if (membership !== undefined && normalAddress(to) === own) membership.sent(datagram);
      socket.send(datagram, { transport: "udp", hostname: to.host, port: to.port })
        .catch((error) => unsent(to, reasonOf(error)))
        .catch(reportError)
        .then(sent);
    },
    async close() {
      if (sending > 0) await new Promise<void>((resolve) => allSent = resolve);
      await membership?.close();
      closed = true;
      socket.close();
      await ended;
    },
  };
}

/** The same options, with a taker that lets the membership hear first. */
function withMembership(options: TransportOptions, membership?: Membership): TransportOptions {
  if (membership === undefined) return options;
  const { received } = options;
  return {
    ...options,
    received(datagram, from) {
      membership.heard(datagram);
      received(datagram, from);
    },
  };
}

/** A socket that listens, and its membership where the address is a multicast group's. */
interface Bound {
  readonly socket: Deno.DatagramConn;
  readonly membership?: Membership;
}

async function bound(options: TransportOptions): Promise<Bound> {
  const { address, casting, ttl, clock = systemClock, log = () => {} } = options;
  const { host, port } = address;
  const six = host.includes(":");
  // Several nodes of one machine may be in one multicast group or broadcast domain. Broadcasting
  // needs no option: every socket of Deno's may.
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
    if (casting !== "multicast") return { socket };
    const membership = new Membership({ socket, group: address, ttl, clock, log });
    await membership.join();
    return { socket, membership };
  } catch (error) {
    socket?.close();
    const message = `cannot listen on ${formatAddress(address)}: ${reasonOf(error as Error)}`;
    throw isMissing(error as Error) ? new AddressMissing(message) : new BindError(message);
  }
}

/** Takes in datagrams until the socket is closed. */
async function receive(
  socket: Deno.DatagramConn,
  { longest = maxDatagram, received }: TransportOptions,
  isClosed: () => boolean,
): Promise<void> {
  // One byte more shows which datagrams were cut.
  const buffer = new Uint8Array(longest + 1);
  for (;;) {
    let came: [Uint8Array, Deno.Addr];
    try {
      came = await socket.receive(buffer);
    } catch {
      if (isClosed()) return;
      // Other errors of a socket are no reason to end; the pause keeps repeated ones from taking
      // all time.
      await delay(errorPauseMs);
      continue;
    }
    const [datagram, from] = came;
    const { hostname, port } = from as Deno.NetAddr;
    try {
      received(datagram, { host: hostname, port });
    } catch (error) {
      // The next datagram is taken in all the same: a node on its way out must not be deaf.
      reportError(error);
    }
  }
}

function isMissing({ code, message }: CodedError): boolean {
  return code === "EADDRNOTAVAIL" || noInterface.test(message);
}

function reasonOf({ code = "", message }: CodedError): string {
  if (noInterface.test(message)) return "its interface is not on this machine: see `ip route`";
  return reasons[code] ?? message.replace(/ \(os error \d+\)$/, "");
}
