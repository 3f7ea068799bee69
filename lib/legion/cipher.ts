import { Blowfish } from "blowfish";
import { concatenate } from "../base/concatenate.ts";
import { DatagramError } from "./datagram_error.ts";

/** The encryption settings in `legion = NAME ADDR VALOR CIPHER:SECRET[ IV]`. */
export interface CipherOptions {
  /** An OpenSSL cipher name, one of the keys of {@link ciphers}. */
  readonly cipher: keyof typeof ciphers;
  /** The key as text; its UTF-8 is cut or padded to the cipher's key length. */
  readonly secret: string;
  /** The initialization vector as text, cut or padded likewise; empty: none given. */
  readonly iv: string;
}

/** Turns clear bodies into datagrams and back. */
export interface Cipher {
  /** Encrypts a clear body of at most 65,535 bytes and puts the header before it. */
  seal(body: Uint8Array): Uint8Array;
  /**
   * Decrypts a datagram to its clear body.
   *
   * @throws DatagramError `short`, `modifier`, `undecipherable` or `size`
   */
  open(datagram: Uint8Array): Uint8Array;
}

interface BlockCipher {
  encrypt(clear: Uint8Array): Uint8Array;
  /** Any error means: not encrypted with this key and IV. */
  decrypt(sealed: Uint8Array): Uint8Array;
}

type MakeBlockCipher = (key: Uint8Array, iv: Uint8Array) => BlockCipher | Promise<BlockCipher>;

/** The ciphers supported, with the lengths in bytes that OpenSSL gives their keys and IVs. */
export const ciphers = {
  "bf-cbc": { keyLength: 16, ivLength: 8, make: blowfish },
  "aes-128-cbc": { keyLength: 16, ivLength: 16, make: aesCbc },
  "aes-192-cbc": { keyLength: 24, ivLength: 16, make: aesCbc },
  "aes-256-cbc": { keyLength: 32, ivLength: 16, make: aesCbc },
  "des-ede3-cbc": { keyLength: 24, ivLength: 8, make: viaNodeCrypto("des-ede3-cbc") },
} satisfies Record<string, { keyLength: number; ivLength: number; make: MakeBlockCipher }>;

const headerLength = 4;
const modifier1 = 109;
// The padding of the shortest key and IV (PROTOCOL.md, "Encryption").
const keyPad = 0;
const ivPad = "0".charCodeAt(0);

/**
 * Makes the cipher of one legion. Every datagram starts over with the same key and IV, as uWSGI's
 * do (PROTOCOL.md, "Encryption"), so equal bodies give equal datagrams.
 */
export async function createCipher({ cipher, secret, iv }: CipherOptions): Promise<Cipher> {
  const { keyLength, ivLength, make } = ciphers[cipher];
  const block = await make(fitted(secret, keyLength, keyPad), fitted(iv, ivLength, ivPad));
  // In CBC an IV is a block, and PKCS#7 pads whole blocks as well.
  const sealedLength = (size: number) => size - size % ivLength + ivLength;
  return {
    seal(body) {
      const sealed = block.encrypt(body);
      const datagram = new Uint8Array(headerLength + sealed.length);
      new DataView(datagram.buffer).setUint16(1, body.length, true);
      datagram[0] = modifier1;
      datagram.set(sealed, headerLength);
      return datagram;
    },
    open(datagram) {
      if (datagram.length < headerLength) {
        throw new DatagramError("short", `${datagram.length} bytes are no datagram of a legion`);
      }
      if (datagram[0] !== modifier1) {
        throw new DatagramError("modifier", `modifier1 is ${datagram[0]}, not ${modifier1}`);
      }
      const size = datagram[1] | datagram[2] << 8;
      const sealed = datagram.subarray(headerLength);
      // A wrong length shows most junk before it costs a decryption.
      if (sealed.length !== sealedLength(size)) throw undecipherable();
      const body = decrypted(block, sealed);
      if (body.length !== size) {
        throw new DatagramError("size", `${body.length} clear bytes, the header says ${size}`);
      }
      return body;
    },
  };
}

function fitted(text: string, length: number, pad: number): Uint8Array {
  const fit = new Uint8Array(length).fill(pad);
  fit.set(new TextEncoder().encode(text).subarray(0, length));
  return fit;
}

function decrypted(block: BlockCipher, sealed: Uint8Array): Uint8Array {
  try {
    return block.decrypt(sealed);
  } catch {
    throw undecipherable();
  }
}

function undecipherable(): DatagramError {
  const why = "it does not decrypt: another secret, IV or cipher than ours";
  return new DatagramError("undecipherable", why);
}

function blowfish(key: Uint8Array, iv: Uint8Array): BlockCipher {
  const cipher = new Blowfish(key, Blowfish.MODE.CBC, Blowfish.PADDING.PKCS5);
  cipher.setIv(iv);
  return {
    encrypt: (clear) => cipher.encode(clear),
    decrypt(sealed) {
      const clear = cipher.decode(sealed, Blowfish.TYPE.UINT8_ARRAY);
      // The library takes any padding.
      const padding = new Uint8Array(clear.buffer).subarray(clear.byteOffset + clear.length);
      refuseBroken(padding, iv.length);
      return clear;
    },
  };
}

/** AES, by the length of the key: unlike `node:crypto` it costs a start next to nothing. */
async function aesCbc(key: Uint8Array, iv: Uint8Array): Promise<BlockCipher> {
  const { AES } = await import("@stablelib/aes");
  const aes = new AES(key);
  const { blockSize } = aes;
  return {
    encrypt(clear) {
      const padding = blockSize - clear.length % blockSize;
      const sealed = new Uint8Array(clear.length + padding).fill(padding);
      sealed.set(clear);
      let before = iv;
      for (let at = 0; at < sealed.length; at += blockSize) {
        const block = sealed.subarray(at, at + blockSize);
        mix(block, before);
        aes.encryptBlock(block, block);
        before = block;
      }
      return sealed;
    },
    decrypt(sealed) {
      const clear = new Uint8Array(sealed.length);
      let before = iv;
      for (let at = 0; at < sealed.length; at += blockSize) {
        const from = sealed.subarray(at, at + blockSize);
        const block = clear.subarray(at, at + blockSize);
        aes.decryptBlock(from, block);
        mix(block, before);
        before = from;
      }
      const size = clear.length - clear[clear.length - 1];
      refuseBroken(clear.subarray(Math.max(0, size)), blockSize);
      return clear.subarray(0, size);
    },
  };
}

/** The step of CBC: each block is mixed with the one before. */
function mix(block: Uint8Array, before: Uint8Array): void {
  for (let at = 0; at < block.length; at++) block[at] ^= before[at];
}

/** @throws RangeError for a padding that is none of PKCS#7's, which OpenSSL, and so uWSGI, refuses */
function refuseBroken(padding: Uint8Array, blockSize: number): void {
  const { length } = padding;
  const isWhole = length > 0 && length <= blockSize && padding.every((byte) => byte === length);
  if (!isWhole) throw new RangeError("broken padding");
}

function viaNodeCrypto(name: string): MakeBlockCipher {
  return async (key, iv) => {
    const { createCipheriv, createDecipheriv } = await import("node:crypto");
    return {
      encrypt(clear) {
        const cipher = createCipheriv(name, key, iv);
        return concatenate([cipher.update(clear), cipher.final()]);
      },
      decrypt(sealed) {
        const decipher = createDecipheriv(name, key, iv);
        return concatenate([decipher.update(sealed), decipher.final()]);
      },
    };
  };
}
