// Datagrams captured from real uWSGI 2.0.21 nodes, decoded with the openssl command line.
import { assertEquals, assertThrows } from "@std/assert";
import { decodeAnnouncement, encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { type CipherOptions, createCipher } from "../../lib/legion/cipher.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import { decodePairs } from "../../lib/legion/pairs.ts";
import vectors from "./fixtures/uwsgi-announcements.json" with { type: "json" };

for (const { legion, cipher: name, secret, iv, packets } of vectors.cases) {
  const cipher = await createCipher({
    cipher: name as CipherOptions["cipher"],
    secret,
    iv: iv ?? "",
  });

  Deno.test(`uWSGI's datagrams of legion = ${legion}`, () => {
    for (const { datagram, size, fields } of packets) {
      const sealed = Uint8Array.fromHex(datagram);
      const body = cipher.open(sealed);
      assertEquals(body.length, size);
      const pairs = decodePairs(body).map(([key, value]) => [key, new TextDecoder().decode(value)]);
      assertEquals(pairs, fields);

      const said = decodeAnnouncement(body);
      const field = (key: string) => fields.find(([name]) => name === key)?.[1];
      assertEquals(said, {
        legion: field("legion")!,
        valor: Number(field("valor")),
        unix: Number(field("unix")),
        lord: Number(field("lord")),
        name: field("name")!,
        pid: Number(field("pid")),
        uuid: field("uuid")!,
        checksum: BigInt(field("checksum")!),
        lordValor: Number(field("lord_valor")),
        lordUuid: field("lord_uuid")!,
        scroll: field("scroll") ?? "",
        dead: field("dead") === "1",
        seq: 0,
        support: undefined,
        claim: false,
        binds: 0,
        node: "",
        was: undefined,
        config: "",
        hears: undefined,
        aside: undefined,
      });
      assertEquals(cipher.seal(encodeAnnouncement(said)), sealed);
    }
  });

  Deno.test(`with another secret nothing of legion = ${legion} is taken in`, async () => {
    const other = await createCipher({
      cipher: name as CipherOptions["cipher"],
      secret: `${secret}?`.slice(-3),
      iv: iv ?? "",
    });
    for (const { datagram } of packets) {
      assertThrows(
        () => decodeAnnouncement(other.open(Uint8Array.fromHex(datagram))),
        DatagramError,
      );
    }
  });
}
