import { assertEquals } from "@std/assert";
import { Blowfish } from "../../lib/legion/_blowfish.ts";

// Key, clear block and sealed block, of the vectors that E. Young made and B. Schneier published.
const vectors = [
  ["0000000000000000", "0000000000000000", "4ef997456198dd78"],
  ["ffffffffffffffff", "ffffffffffffffff", "51866fd5b85ecb8a"],
  ["3000000000000000", "1000000000000001", "7d856f9a613063f2"],
  ["1111111111111111", "1111111111111111", "2466dd878b963c9d"],
  ["0123456789abcdef", "1111111111111111", "61f9c3802281b096"],
  ["1111111111111111", "0123456789abcdef", "7d0cc630afda1ec7"],
];

Deno.test("Blowfish: the published vectors, there and back, also in place", () => {
  for (const [key, clear, sealed] of vectors) {
    const cipher = new Blowfish(Uint8Array.fromHex(key));
    const block = Uint8Array.fromHex(clear);
    const other = new Uint8Array(8);
    cipher.encryptBlock(block, other);
    assertEquals([block.toHex(), other.toHex()], [clear, sealed]);
    cipher.encryptBlock(block, block);
    assertEquals(block.toHex(), sealed);
    cipher.decryptBlock(block, block);
    assertEquals(block.toHex(), clear);
  }
});
