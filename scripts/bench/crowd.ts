// The members of a legion at rest, all in one process: each echoes the lord, and one of them
// listens for all. The argument is JSON, of the type CrowdArgument.
import { type Announcement, decodeAnnouncement } from "../../lib/legion/announcement.ts";
import { encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { digest } from "../../lib/legion/election.ts";
import { type CrowdArgument, crowdCipher, crowdLegion } from "./crowd_argument.ts";

const { lord, hosts, port, spreadMs }: CrowdArgument = JSON.parse(Deno.args[0]);
const cipher = await createCipher(crowdCipher);
const to = { transport: "udp" as const, hostname: lord.host, port: lord.port };
const valor = 1;

const members = hosts.map((hostname) => ({
  uuid: crypto.randomUUID(),
  name: hostname,
  socket: Deno.listenDatagram({ transport: "udp", hostname, port }),
}));
const digests = members.reduce((sum, { uuid }) => sum + digest({ valor, uuid }), 0n);
let heard: Announcement | undefined;
let seq = 0;

// Spread in time: all at once would not fit into the lord's socket.
let begunMs = performance.now();
let silent = members;
setInterval(() => {
  const due = Math.ceil((performance.now() - begunMs) * members.length / spreadMs);
  const left = Math.max(0, members.length - due);
  for (const member of silent.slice(left)) speak(member);
  silent = silent.slice(0, left);
}, 1);

for await (const [datagram] of members[0].socket) {
  heard = decodeAnnouncement(cipher.open(datagram));
  if (silent.length > 0) continue;
  begunMs = performance.now();
  silent = members;
}

function speak({ uuid, name, socket }: typeof members[number]): void {
  const announcement: Announcement = {
    legion: crowdLegion,
    valor,
    unix: Math.floor(Date.now() / 1000),
    lord: 0,
    name,
    pid: Deno.pid,
    uuid,
    checksum: heard === undefined ? 0n : digests + digest(heard),
    lordValor: heard?.valor ?? 0,
    lordUuid: heard?.uuid ?? "\0".repeat(36),
    scroll: "",
    dead: false,
    seq: ++seq,
    support: heard?.support?.uuid === heard?.uuid ? heard : undefined,
    claim: false,
    binds: 15_000,
    node: `${name}:${port}`,
    config: heard?.config ?? "",
  };
  // A full socket drops datagrams, which are lost, as on any network.
  socket.send(cipher.seal(encodeAnnouncement(announcement)), to).catch(() => {});
}
