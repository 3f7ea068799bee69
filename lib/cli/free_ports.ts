import dgram from "node:dgram";

/** UDP ports of 127.0.0.1 that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const sockets = Array.from({ length: count }, () => dgram.createSocket("udp4"));
  // All are held at once: the same port cannot come twice.
  await Promise.all(sockets.map((socket) =>
    new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind({ address: "127.0.0.1", port: 0 }, resolve);
    })
  ));
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(
    sockets.map((socket) => new Promise<void>((done) => socket.close(() => done()))),
  );
  return ports;
}
