import { freePorts as choose } from "../lib/cli/free_ports.ts";

// Test files run side by side, and a port that one of them was given must not be given to another
// before it is used. So each has a block of its own, for as long as it holds the block's first port.
const blockSize = 100;
const blocks = 200;
const guard = reserve();
const { port: first } = guard.addr as Deno.NetAddr;
let last = 0;

function reserve(): Deno.Listener {
  for (let tries = 0; tries < blocks; tries++) {
    const port = 10_000 + blockSize * Math.floor(Math.random() * blocks);
    try {
      return Deno.listen({ hostname: "127.0.0.1", port });
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("there is no free block of ports on 127.0.0.1");
}

/** Ports of 127.0.0.1 that are free for UDP and TCP, and given to nobody else. */
export function freePorts(wanted: number): number[] {
  return choose(wanted, ofTheBlock());
}

function* ofTheBlock(): Generator<number> {
  for (let step = 1; step < blockSize; step++) {
    last = last % (blockSize - 1) + 1;
    yield first + last;
  }
}
