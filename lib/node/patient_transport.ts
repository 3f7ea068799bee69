import { systemClock } from "../base/clock.ts";
import { formatAddress } from "../config/address.ts";
import { errorMessage } from "../base/error_message.ts";
import { AddressMissing, openUdp, type Transport, type TransportOptions } from "./transport.ts";

/** Listens once; rejects with an AddressMissing where it is worth trying again. */
export type Open = (options: TransportOptions) => Promise<Transport>;

// The time between two attempts, in milliseconds.
const pauseMs = 1_000;

/**
 * Listens as {@link openUdp} does. An address that is not on this machine yet, as at boot or with a
 * tunnel that comes later, is no error: the transport then tries again each second, and resolves
 * `opened` once it listens.
 *
 * @throws BindError when the address cannot be listened on for another reason
 */
export async function openPatiently(
  options: TransportOptions,
  open: Open = openUdp,
): Promise<Transport> {
  try {
    return await open(options);
  } catch (error) {
    if (!(error instanceof AddressMissing)) throw error;
    options.log?.("warn", `${error.message}; this node waits for it (behind NAT: legion-address)`);
    return waiting(options, open, error.message);
  }
}

function waiting(options: TransportOptions, open: Open, firstReason: string): Transport {
  const { clock = systemClock, log = () => {} } = options;
  const { promise: opened, resolve: hasOpened } = Promise.withResolvers<void>();
  let transport: Transport | undefined;
  let reason = firstReason;
  let closed = false;
  let attempt: Promise<void> = Promise.resolve();
  let cancel = tryLater();

  function tryLater(): () => void {
    return clock.at(clock.now().monotonicMs + pauseMs, () => attempt = tryNow());
  }

  async function tryNow(): Promise<void> {
    try {
      transport = await open(options);
      log("info", `listens on ${formatAddress(options.address)}`);
      hasOpened();
    } catch (error) {
      // An address that has come may be in use.
      const message = errorMessage(error);
      if (message !== reason) log("warn", message);
      reason = message;
      if (!closed) cancel = tryLater();
    }
  }

  return {
    opened,
    send(datagram, to) {
      if (transport === undefined) options.unsent(to, "this node's own address is not there yet");
      else transport.send(datagram, to);
    },
    async close() {
      closed = true;
      cancel();
      await attempt;
      await transport?.close();
    },
  };
}
