import { assertEquals, assertThrows } from "@std/assert";
import { Invalid } from "../../lib/base/invalid.ts";
import { parseLegion } from "../../lib/config/legion.ts";

Deno.test("every part has its place", () => {
  assertEquals(parseLegion("failover 1.1.1.1:2000 9999 bf-cbc:secret1 some-iv"), {
    name: "failover",
    address: { host: "1.1.1.1", port: 2000 },
    casting: "unicast",
    valor: 9999,
    cipher: "bf-cbc",
    secret: "secret1",
    iv: "some-iv",
  });
});

Deno.test("the secret is all after the first colon, and any white space parts", () => {
  const { secret, iv } = parseLegion("one  :1\t0 AES-256-CBC:a:b;#%=");
  assertEquals([secret, iv], ["a:b;#%=", ""]);
});

Deno.test("the secret ends at the first space, and all that follows is the IV, as in uWSGI", () => {
  const of = (text: string) => {
    const { secret, iv } = parseLegion(`one :1 0 aes-256-cbc:${text}`);
    return [secret, iv];
  };
  assertEquals(of("x my own iv"), ["x", "my own iv"]);
  assertEquals(of("x  my  iv"), ["x", " my  iv"]);
  assertEquals(of("x\tmy iv"), ["x\tmy", "iv"]);
});

Deno.test("ciphers go by OpenSSL's other names too, in any case", () => {
  const names = "bf Blowfish BF-CBC aes128 AES192 aes256 Aes-256-Cbc DES3 des-ede3-cbc".split(" ");
  assertEquals(names.map((name) => parseLegion(`one :1 0 ${name}:x`).cipher), [
    "bf-cbc",
    "bf-cbc",
    "bf-cbc",
    "aes-128-cbc",
    "aes-192-cbc",
    "aes-256-cbc",
    "aes-256-cbc",
    "des-ede3-cbc",
    "des-ede3-cbc",
  ]);
});

const wrong: [what: string, text: string, message: string][] = [
  [
    "a legion without a secret",
    "two 127.0.0.1:2 1",
    "a part is missing; right would be NAME ADDRESS VALOR CIPHER:SECRET [IV]",
  ],
  [
    "a valor that is none",
    "two 127.0.0.1:2 -1 bf-cbc:x",
    "the valor is no whole number from 0",
  ],
  [
    "an unknown cipher",
    "two 127.0.0.1:2 1 aes-128-gcm:x",
    "there is no such cipher; there are bf-cbc, aes-128-cbc, aes-192-cbc, aes-256-cbc, des-ede3-cbc",
  ],
  [
    "a secret without its cipher",
    "two 127.0.0.1:2 1 SECRET",
    "the cipher is missing; there are bf-cbc, aes-128-cbc, aes-192-cbc, aes-256-cbc, des-ede3-cbc",
  ],
  [
    "a cipher without its secret",
    "two 127.0.0.1:2 1 bf-cbc:",
    "the secret is missing; right would be NAME ADDRESS VALOR CIPHER:SECRET [IV]",
  ],
];
for (const [what, text, message] of wrong) {
  Deno.test(`refused: ${what}`, () => {
    assertEquals(assertThrows(() => parseLegion(text), Invalid).message, message);
  });
}
