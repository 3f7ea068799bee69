import type { LegionConfig } from "../config/config.ts";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../legion/announcement.ts";
import { type Cipher, createCipher } from "../legion/cipher.ts";
import { DatagramError } from "../legion/datagram_error.ts";

/** Turns a legion's announcements into datagrams, and back. */
export interface Codec {
  /** The longest datagram that can be an announcement, in bytes. */
  readonly longest: number;
  /** Writes an announcement as a datagram. */
  write(announcement: Announcement): Uint8Array;
  /**
   * Reads the announcement in a datagram.
   *
   * @throws DatagramError from `short` to `forged`, without `legion`, when there is none to be read
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

// Bytes of an announcement besides name and scroll: about 550, at most 1,150; the rest is for pairs
// not known yet.
const besides = 2_048;

function longestAnnouncement({ name, scrollMaxSize }: LegionConfig): number {
  return new TextEncoder().encode(name).length + scrollMaxSize + besides;
}

async function cipherOf(config: LegionConfig): Promise<Cipher> {
  const { name: legion, authSecret: secret } = config;
  const cipher = await createCipher(config);
  if (secret === undefined) return cipher;
  // A node without the secret listens sooner: the code for it is not loaded.
  const { authenticated } = await import("../legion/authentication.ts");
  return authenticated(cipher, { legion, secret });
}

function tooLong(longest: number): DatagramError {
  const why = `more than ${longest} bytes: is legion-scroll-max-size the same everywhere?`;
  return new DatagramError("long", why);
}
