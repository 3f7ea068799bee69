import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type CipherOptions, ciphers, createCipher } from "../../lib/legion/cipher.ts";
import { DatagramError, type DropReason } from "../../lib/legion/datagram_error.ts";

const names = Object.keys(ciphers) as CipherOptions["cipher"][];
const body = new TextEncoder().encode("twenty-one bytes here");

// Made with: printf 'twenty-one bytes here' | openssl enc -CIPHER -K … -iv … (Blowfish with
// -provider legacy), of the secret "secret1" and the IV "iv".
const sealed: Record<string, string> = {
  "bf-cbc": "4df142772f55581627ebb7e7b2162400266284e7848227ab",
  "aes-128-cbc": "75d5e3b9fb42a7ad327eca2be531b454023bb8541b19306215df19321b94fca3",
  "aes-192-cbc": "ad1325eebc9a65b4c0e8fa2b5fab754d6fb57a5f2a13c29e345a95248fb7e0b5",
  "aes-256-cbc": "6dd816be4e7a127cebfcdb157b41d169d76a2036529b7881e3431d5ef1e2fd85",
  "des-ede3-cbc": "5c81dfaf013a2c4ae8592d39508b7a465cee46d375a1d51c",
};

function dropped(act: () => unknown): DropReason {
  return assertThrows(act, DatagramError).reason;
}

for (const name of names) {
  const cipher = await createCipher({ cipher: name, secret: "secret1", iv: "iv" });

  Deno.test(`${name}: sealed as OpenSSL seals it`, () => {
    assertEquals(cipher.seal(body).toHex(), `6d150000${sealed[name]}`);
  });

  Deno.test(`${name}: any body comes back as it went`, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
      assertEquals(new Uint8Array(cipher.open(cipher.seal(any))), any);
    }));
  });

  Deno.test(`${name}: any bytes are opened or dropped`, () => {
    // Of the right length for their header, so that they are decrypted.
    const blocks = fc.integer({ min: 1, max: 6 }).map((count) => count * ciphers[name].ivLength);
    const junk = blocks.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
    fc.assert(fc.property(junk, (any) => {
      const datagram = Uint8Array.of(109, any.length - 1, 0, 0, ...any);
      try {
        cipher.open(datagram);
      } catch (error) {
        assertEquals(error instanceof DatagramError, true, String(error));
      }
    }));
  });

  Deno.test(`${name}: a broken padding is refused, as OpenSSL refuses it`, () => {
    // In CBC a bit flipped in one block flips the same bit of the next one: here in the padding.
    const datagram = cipher.seal(body);
    const block = ciphers[name].ivLength;
    datagram[datagram.length - block - 2] ^= 1;
    assertEquals(dropped(() => cipher.open(datagram)), "undecipherable");
  });

  Deno.test(`${name}: a secret and an IV longer than the cipher takes are cut`, async () => {
    const { keyLength, ivLength } = ciphers[name];
    const secret = "s".repeat(keyLength);
    const iv = "i".repeat(ivLength);
    const cut = await createCipher({ cipher: name, secret: `${secret}more`, iv: `${iv}more` });
    const fitting = await createCipher({ cipher: name, secret, iv });
    assertEquals(cut.seal(body), fitting.seal(body));
  });
}

Deno.test("what is no datagram of a legion is dropped, and why is said", async () => {
  const cipher = await createCipher({ cipher: "bf-cbc", secret: "secret1", iv: "" });
  const datagram = cipher.seal(body);
  assertEquals(dropped(() => cipher.open(new Uint8Array())), "short");
  assertEquals(dropped(() => cipher.open(datagram.subarray(0, 3))), "short");
  assertEquals(dropped(() => cipher.open(datagram.with(0, 108))), "modifier");
  assertEquals(dropped(() => cipher.open(datagram.with(1, 20))), "size");
  assertEquals(dropped(() => cipher.open(datagram.subarray(0, 4))), "undecipherable");
  assertEquals(dropped(() => cipher.open(datagram.subarray(0, -1))), "undecipherable");
});

Deno.test("equal bodies give equal datagrams: each starts over with the same key and IV", async () => {
  const cipher = await createCipher({ cipher: "aes-128-cbc", secret: "secret1", iv: "" });
  assertEquals(cipher.seal(body), cipher.seal(body));
});
