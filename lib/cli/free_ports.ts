import dgram from "node:dgram";

// Below the ports that the system hands out by itself (from 32768 on Linux, 49152 elsewhere), so
// that nobody else is given one between now and its use.
const first = 10_000;
const count = 20_000;
let next = Math.floor(Math.random() * count);

/**
 * Ports of 127.0.0.1 that are free for UDP and TCP. None is given twice.
 *
 * @throws Error when there are none
 */
export async function freePorts(wanted: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; tries < count && ports.length < wanted; tries++) {
    const port = first + next;
    next = (next + 1) % count;
    if (freeForTcp(port) && await freeForUdp(port)) ports.push(port);
  }
  if (ports.length < wanted) throw new Error("there are no free ports on 127.0.0.1");
  return ports;
}

function freeForTcp(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}

function freeForUdp(port: number): Promise<boolean> {
  const socket = dgram.createSocket("udp4");
  return new Promise<boolean>((resolve) => {
    socket.once("error", () => resolve(false));
    socket.bind({ address: "127.0.0.1", port }, () => resolve(true));
  }).finally(() => new Promise<void>((closed) => socket.close(() => closed())));
}
