import type { LegionConfig } from "../config/config.ts";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../legion/announcement.ts";
import { type Cipher, createCipher } from "../legion/cipher.ts";
import { DatagramError } from "../legion/datagram_error.ts";

/** Turns what a legion says into datagrams, and back. */
export interface Codec {
  /** The longest datagram that can be an announcement, in bytes. */
  readonly longest: number;
  /** A datagram that says it. */
  write(announcement: Announcement): Uint8Array;
  /**
   * What a datagram says.
   *
   * @throws DatagramError from `short` to `forged`, without `legion`, when it says nothing
   */
  read(datagram: Uint8Array): Announcement;
}

/** The codec of one legion, by its cipher, its secrets and its `legion-scroll-max-size`. */
export async function createCodec(config: LegionConfig): Promise<Codec> {
  const cipher = await cipherOf(config);
  const longest = longestAnnouncement(config);
  return {
    longest,
    write: (announcement) => cipher.seal(encodeAnnouncement(announcement)),
    read(datagram) {
      if (datagram.length > longest) throw tooLong(longest);
      return decodeAnnouncement(cipher.open(datagram));
    },
  };
}

// What else an announcement holds is about 500 bytes, or 750 where the node's name is long; the rest
// is for pairs that are not known yet.
const besides = 2_048;

function longestAnnouncement({ name, scrollMaxSize }: LegionConfig): number {
  return new TextEncoder().encode(name).length + scrollMaxSize + besides;
}

async function cipherOf(config: LegionConfig): Promise<Cipher> {
  const { name: legion, authSecret: secret } = config;
  const cipher = await createCipher(config);
  if (secret === undefined) return cipher;
  // Who has no such secret listens sooner without what it takes.
  const { authenticated } = await import("../legion/authentication.ts");
  return authenticated(cipher, { legion, secret });
}

function tooLong(longest: number): DatagramError {
  const why = `more than ${longest} bytes: is legion-scroll-max-size the same everywhere?`;
  return new DatagramError("long", why);
}
