import { delay } from "@std/async/delay";
import {
  BindError,
  openUdp,
  type Transport,
  type TransportOptions,
} from "../../lib/node/transport.ts";

const patienceMs = 5_000;

/**
 * Listens on an address that this test file has let go. Test files run side by side in one process:
 * a command that another one starts at that moment has all of its sockets until its program runs.
 *
 * @throws BindError when the address is still in use 5 s later
 */
export function reopenUdp(options: TransportOptions): Promise<Transport> {
  return untilFree(() => openUdp(options));
}

/** The same for whatever else listens there. */
export async function untilFree<T>(open: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const inUse = error instanceof BindError && /in use/.test(error.message);
      if (!inUse || performance.now() > deadline) throw error;
      await delay(5);
    }
  }
}
