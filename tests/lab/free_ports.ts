// Test files run side by side, and a port that one of them was given must not be given to another
// before it is used. So each has a block of its own, for as long as it holds the block's first port.
// All blocks lie below the ports that `failover demo` takes.
const blockSize = 100;
const blocks = 100;
const guard = reserve();
const { port: first } = guard.addr as Deno.NetAddr;
let last = 0;

function reserve(): Deno.Listener {
  for (let tries = 0; tries < 2 * blocks; tries++) {
    const start = 10_000 + blockSize * Math.floor(Math.random() * blocks);
    const guard = listen(start);
    if (guard === undefined) continue;
    if (isFree(start)) return guard;
    guard.close();
  }
  throw new Error("there is no free block of ports on 127.0.0.1");
}

function listen(port: number): Deno.Listener | undefined {
  try {
    return Deno.listen({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return undefined;
    throw error;
  }
}

/** Whether nobody uses any port of a block behind its first one. */
function isFree(start: number): boolean {
  try {
    for (let port = start + 1; port < start + blockSize; port++) {
      const address = { hostname: "127.0.0.1", port };
      Deno.listen(address).close();
      Deno.listenDatagram({ transport: "udp", ...address }).close();
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}

/**
 * Ports of 127.0.0.1 that are free for UDP and TCP, and given to nobody else. Each comes round again
 * after 99 others.
 *
 * All of them were tried at the beginning and not just now: a process that another test file starts
 * at that moment would hold the socket of the trial until its program runs.
 */
export function freePorts(wanted: number): number[] {
  return Array.from({ length: wanted }, () => {
    last = last % (blockSize - 1) + 1;
    return first + last;
  });
}
