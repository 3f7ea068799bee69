import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { concatenate } from "../base/concatenate.ts";
import type { Cipher } from "./cipher.ts";
import { DatagramError } from "./datagram_error.ts";
import { encodePairs } from "./pairs.ts";

const macLength = 64;
// The bytes before the value of the pair: its key and the two lengths.
const frame = encodePairs([["mac", new Uint8Array(macLength)]]).subarray(0, -macLength);
const pairLength = frame.length + macLength;

/**
 * Adds authentication to another cipher: the last pair, `mac`, is the HMAC-SHA-256, in hex, of the
 * body before it. The key is derived by HKDF from the secret and the legion's name, so that one
 * secret for two legions is two keys.
 *
 * @throws DatagramError from `open`: `forged`, when the pair is missing or was made with another
 * secret
 */
export function authenticated(
  cipher: Cipher,
  { legion, secret }: { legion: string; secret: string },
): Cipher {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const info = bytes(`failover legion ${legion}`);
  const key = hkdf(sha256, bytes(secret), new Uint8Array(), info, 32);
  const macOf = (body: Uint8Array) => bytes(hmac(sha256, key, body).toHex());
  return {
    seal(body) {
      const mac = macOf(body);
      return cipher.seal(concatenate([body, frame, mac]));
    },
    open(datagram) {
      const whole = cipher.open(datagram);
      const body = whole.subarray(0, -pairLength);
      const expected = concatenate([frame, macOf(body)]);
      if (whole.length >= pairLength && timingSafeEqual(whole.subarray(-pairLength), expected)) {
        return body;
      }
      throw new DatagramError("forged", "its mac is missing or wrong: is legion-auth the same?");
    },
  };
}
