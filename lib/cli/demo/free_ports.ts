// The ports to choose from lie below the ones that the system hands out by itself (from 32768 on
// Linux, 49152 elsewhere), so that no other program is given one between the choice and its use.
const first = 20_000;
const count = 10_000;

/**
 * Ports of 127.0.0.1 that are free for UDP and TCP.
 *
 * @param wanted the number of ports
 * @param candidates the ports to choose from, in this order; all from a random one on when left out
 * @throws Error when too few of them are free
 */
export function freePorts(
  wanted: number,
  candidates: Iterable<number> = fromAnywhere(),
): number[] {
  const ports: number[] = [];
  for (const port of candidates) {
    if (isFree(port)) ports.push(port);
    if (ports.length === wanted) return ports;
  }
  throw new Error("there are not enough free ports on 127.0.0.1");
}

function* fromAnywhere(): Generator<number> {
  const start = Math.floor(Math.random() * count);
  for (let step = 0; step < count; step++) yield first + (start + step) % count;
}

/** Whether a port of 127.0.0.1 is free for UDP and TCP; found by listening on it for a moment. */
export function isFree(port: number): boolean {
  const address = { hostname: "127.0.0.1", port };
  try {
    Deno.listen(address).close();
    Deno.listenDatagram({ transport: "udp", ...address }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
