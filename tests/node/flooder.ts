// Floods a UDP port of 127.0.0.1 with junk. Arguments: the port, datagrams a second, seconds. Half of
// it is random bytes of ordinary lengths, an eighth random bytes of up to 64 KiB, and the rest has
// the header and the length of an announcement, and random bytes for the body.
import { delay } from "@std/async/delay";

const [port, rate, seconds] = Deno.args.map(Number);
const longest = 65_507;
const bytes = new Uint8Array(2 * longest);
for (let at = 0; at < bytes.length; at += 65_536) {
  crypto.getRandomValues(bytes.subarray(at, at + 65_536));
}

const to: Deno.NetAddr = { transport: "udp", hostname: "127.0.0.1", port };
const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
const begun = performance.now();
const elapsed = () => (performance.now() - begun) / 1000;
let sent = 0;
while (elapsed() < seconds) {
  // One that cannot keep up catches up with nothing after its time.
  const due = rate * elapsed();
  for (; sent < due && elapsed() < seconds; sent++) await socket.send(junk(sent), to);
  await delay(1);
}
socket.close();
console.log(`sent ${sent}`);

function junk(index: number): Uint8Array {
  if (index % 8 === 0) return randomBytes(1 + Math.random() * longest);
  if (index % 2 === 0) return randomBytes(1 + Math.random() * 1_400);
  // 240 to 367 clear bytes, padded to the block of 16.
  const size = Math.floor(240 + 128 * Math.random());
  const datagram = randomBytes(4 + 16 * Math.floor(size / 16) + 16).slice();
  datagram.set([109, size & 255, size >> 8, 0]);
  return datagram;
}

function randomBytes(length: number): Uint8Array {
  const from = Math.floor(Math.random() * longest);
  return bytes.subarray(from, from + Math.floor(length));
}
