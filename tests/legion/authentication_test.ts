import { assertEquals, assertThrows } from "@std/assert";
import { createHmac, hkdfSync } from "node:crypto";
import { decodeAnnouncement, encodeAnnouncement } from "../../lib/legion/announcement.ts";
import { authenticated } from "../../lib/legion/authentication.ts";
import { createCipher } from "../../lib/legion/cipher.ts";
import { DatagramError } from "../../lib/legion/datagram_error.ts";
import { decodePairs, encodePairs } from "../../lib/legion/pairs.ts";
import { announcement } from "./announcement.ts";

const plain = await createCipher({ cipher: "bf-cbc", secret: "secret1", iv: "" });
const cipher = authenticated(plain, { legion: "test", secret: "SECRET" });
const body = encodeAnnouncement(announcement());
const sealed = cipher.seal(body);
const whole = plain.open(sealed);
const bytes = (text: string) => new TextEncoder().encode(text);
const join = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));
/** The pair as it stands at the end. */
const mac = whole.subarray(body.length);

Deno.test("a valid mac is taken off", () => {
  assertEquals(new Uint8Array(cipher.open(sealed)), body);
});

Deno.test("the mac is an HMAC-SHA-256 in hex, its key by HKDF from the secret and the name", () => {
  const key = new Uint8Array(hkdfSync("sha256", "SECRET", "", "failover legion test", 32));
  const hex = createHmac("sha256", key).update(body).digest("hex");
  const pairs = decodePairs(whole);
  assertEquals(pairs.at(-1), ["mac", bytes(hex)]);
  assertEquals(mac, encodePairs([["mac", bytes(hex)]]));
});

Deno.test("whoever has no legion-auth, as uWSGI, passes the mac over", () => {
  assertEquals(decodeAnnouncement(plain.open(sealed)), announcement());
});

const forged: [what: string, datagram: Uint8Array][] = [
  ["without a mac", plain.seal(body)],
  ["with a wrong mac", plain.seal(whole.with(-1, whole[whole.length - 1] ^ 1))],
  [
    "with a mac in capitals",
    plain.seal(join(
      body,
      bytes(
        new TextDecoder().decode(mac).replace(
          /[0-9a-f]{64}$/,
          (hex) => hex.toUpperCase(),
        ),
      ),
    )),
  ],
  ["with another body", plain.seal(whole.with(20, whole[20] ^ 1))],
  ["with another secret", authenticated(plain, { legion: "test", secret: "OTHER" }).seal(body)],
  [
    "with another legion's key",
    authenticated(plain, { legion: "other", secret: "SECRET" }).seal(body),
  ],
  ["with a mac cut short", plain.seal(whole.subarray(0, -1))],
  ["with a mac that is not the last pair", plain.seal(join(whole, encodePairs([["x", body]])))],
  ["with the mac first", plain.seal(join(mac, body))],
  ["with its mac doubled", plain.seal(join(whole, mac))],
  ["with nothing but a mac", plain.seal(mac)],
  ["with nothing at all", plain.seal(new Uint8Array())],
];
for (const [what, datagram] of forged) {
  Deno.test(`forged: ${what}`, () => {
    assertEquals(assertThrows(() => cipher.open(datagram), DatagramError).reason, "forged");
  });
}

Deno.test("an empty body may be authenticated: it is no announcement, and no forgery", () => {
  assertEquals(cipher.open(cipher.seal(new Uint8Array())).length, 0);
});
