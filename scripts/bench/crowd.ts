// The members of a legion, all in one process, of which only one listens: they say what they would
// say when nothing happens. Its argument is JSON, of the type CrowdArgument.
import { type Announcement, decodeAnnouncement } from "../../lib/legion/announcement.ts";
import { encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { digest } from "../../lib/legion/election.ts";
import { type CrowdArgument, crowdCipher, crowdLegion } from "./crowd_argument.ts";

const { lord, hosts, port, freqMs }: CrowdArgument = JSON.parse(Deno.args[0]);
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

// One at a time, spread over the period: together they would not fit into the lord's socket.
const begun = performance.now();
let said = 0;
setInterval(() => {
  const due = Math.floor((performance.now() - begun) * members.length / freqMs);
  for (; said < due; said++) speak(members[said % members.length]);
}, 1);

for await (const [datagram] of members[0].socket) {
  heard = decodeAnnouncement(cipher.open(datagram));
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
  };
  // What a full socket drops is lost, as on any network.
  socket.send(cipher.seal(encodeAnnouncement(announcement)), to).catch(() => {});
}
