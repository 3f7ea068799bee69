import { isFree } from "../../lib/cli/demo/free_ports.ts";

// Test files run side by side, and a port given to one of them must not be given to another. So each
// test file has a block of ports, which it owns by listening on the block's first port. All blocks
// lie below the ports that `failover demo` takes.
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
    if (isBlockFree(start)) return guard;
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

/** Whether all ports of a block after its first one are free. */
function isBlockFree(start: number): boolean {
  for (let port = start + 1; port < start + blockSize; port++) if (!isFree(port)) return false;
  return true;
}

/**
 * Ports of 127.0.0.1 that are free for UDP and TCP, and given to no other test file. Each comes
 * round again after 99 others.
 *
 * All ports were tried when this file was loaded, not now: a process that starts at the moment of a
 * trial would inherit its socket, and hold the port until its own program runs.
 */
export function freePorts(wanted: number): number[] {
  return Array.from({ length: wanted }, () => {
    last = last % (blockSize - 1) + 1;
    return first + last;
  });
}
