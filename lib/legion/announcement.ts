import { type Aside, asidePairs, readAside } from "./aside.ts";
import { DatagramError } from "./datagram_error.ts";
import { decodePairs, encodePairs, textOf, type WritablePair } from "./pairs.ts";

/** The uuid in `lordUuid` before the first vote: 36 NUL bytes. */
export const noUuid: string = "\0".repeat(36);

/** An announcement: a node's word to the others about itself (PROTOCOL.md, "The datagram"). */
export interface Announcement {
  /** The legion's name. */
  readonly legion: string;
  /** The sender's rank; 0 is an arbiter. */
  readonly valor: number;
  /** The sender's wall clock, in whole seconds since 1970. */
  readonly unix: number;
  /** Since when the sender is lord (as `unix`); 0: not lord. */
  readonly lord: number;
  /** The sender's host name. */
  readonly name: string;
  /** The sender's process id. */
  readonly pid: number;
  /** The sender's uuid: 36 characters, one a byte. */
  readonly uuid: string;
  /**
   * The checksum of the sender's view of the legion, an unsigned 64-bit number; 0 before the first
   * vote.
   */
  readonly checksum: bigint;
  /** The valor of the sender's candidate, the node it votes for. */
  readonly lordValor: number;
  /** The uuid of the sender's candidate; {@link noUuid} before the first vote. */
  readonly lordUuid: string;
  /** Free text; empty: none. */
  readonly scroll: string;
  /** The sender leaves for good. */
  readonly dead: boolean;
  /**
   * A number counted by the sender, 1, 2, 3 … (LEASE.md, "On the wire"); 0 from a uWSGI node, which
   * has none.
   */
  readonly seq: number;
  /** The node that the sender supports; absent: none, as from a uWSGI node. */
  readonly support?: Echo;
  /** The sender's lord hooks run: it claims the lordship and is not lord yet. */
  readonly claim: boolean;
  /**
   * For how long that support binds from when its `seq` was heard, in milliseconds (LEASE.md, rule
   * 4); 0: absent.
   */
  readonly binds: number;
  /**
   * The sender's own address as the others list it, `host:port` in normal form (LEASE.md, rule 2);
   * empty: absent.
   */
  readonly node: string;
  /** The uuid that the sender had before this one; absent: it had none. */
  readonly was?: string;
  /** The mark of the sender's list of voters and quorum, 8 hex digits; empty: absent. */
  readonly config: string;
  /**
   * The voters that the sender hears, one bit for each of its sorted list, the first the lowest
   * (LEASE.md, rule 9); absent: not told.
   */
  readonly hears?: bigint;
  /** The part that is told for people, and by which no rule goes; absent: nothing is told. */
  readonly aside?: Aside;
}

/** A node, and the newest `seq` that was heard from it. */
export interface Echo {
  /** The node's uuid: 36 characters, one a byte. */
  readonly uuid: string;
  /** The newest `seq` heard of the node. */
  readonly seq: number;
}

/** The longest time that a support may bind, in milliseconds: a day. */
export const maxBindsMs = 86_400_000;

/** Writes an announcement as a clear body, its pairs in the protocol's order. */
export function encodeAnnouncement(a: Announcement): Uint8Array {
  const pairs: WritablePair[] = [
    ["legion", a.legion],
    ["valor", `${a.valor}`],
    ["unix", `${a.unix}`],
    ["lord", `${a.lord}`],
    ["name", a.name],
    ["pid", `${a.pid}`],
    ["uuid", oneByteACharacter(a.uuid)],
    ["checksum", `${a.checksum}`],
    ["lord_valor", `${a.lordValor}`],
    ["lord_uuid", oneByteACharacter(a.lordUuid)],
  ];
  if (a.scroll !== "") pairs.push(["scroll", a.scroll]);
  if (a.dead) pairs.push(["dead", "1"]);
  if (a.seq > 0) pairs.push(["seq", `${a.seq}`]);
  if (a.support) pairs.push(["support", oneByteACharacter(`${a.support.uuid}:${a.support.seq}`)]);
  if (a.claim) pairs.push(["claim", "1"]);
  if (a.binds > 0) pairs.push(["binds", `${a.binds}`]);
  if (a.node !== "") pairs.push(["node", a.node]);
  if (a.was !== undefined) pairs.push(["was", oneByteACharacter(a.was)]);
  if (a.config !== "") pairs.push(["config", a.config]);
  if (a.hears !== undefined) pairs.push(["hears", a.hears.toString(16)]);
  if (a.aside !== undefined) pairs.push(...asidePairs(a.aside));
  return encodePairs(pairs);
}

/**
 * Reads an announcement from a clear body. Unknown keys are passed over; of a repeated key the last
 * counts.
 *
 * @throws DatagramError `malformed`, when a pair does not parse, is missing, or has no such value
 */
export function decodeAnnouncement(body: Uint8Array): Announcement {
  const pairs = new Map(decodePairs(body));
  const bytes = (key: string) => {
    const value = pairs.get(key);
    if (value === undefined) throw malformed(key, "is missing");
    return value;
  };
  const text = (key: string) => textOf(pairs.get(key) ?? nothing);
  const number = (key: string) => {
    const value = Number(digits(key, bytes(key)));
    if (!Number.isSafeInteger(value)) throw malformed(key, "is too large");
    return value;
  };
  const shaped = (key: string, form: RegExp, what: string) => {
    const value = oneCharacterAByte(bytes(key));
    if (!form.test(value)) throw malformed(key, what);
    return value;
  };
  const uuid = (key: string) => {
    const value = bytes(key);
    if (value.length !== 36) throw malformed(key, "is not 36 bytes long");
    return oneCharacterAByte(value);
  };
  return {
    legion: textOf(bytes("legion")),
    valor: number("valor"),
    unix: number("unix"),
    lord: number("lord"),
    name: textOf(bytes("name")),
    pid: number("pid"),
    uuid: uuid("uuid"),
    checksum: BigInt.asUintN(64, BigInt(digits("checksum", bytes("checksum")))),
    lordValor: number("lord_valor"),
    lordUuid: uuid("lord_uuid"),
    scroll: text("scroll"),
    dead: text("dead") === "1",
    seq: pairs.has("seq") ? number("seq") : 0,
    support: pairs.has("support") ? echo(bytes("support")) : undefined,
    claim: text("claim") === "1",
    binds: pairs.has("binds") ? binds(number("binds")) : 0,
    node: pairs.has("node") ? shaped("node", nodeForm, "is no host:port") : "",
    was: pairs.has("was") ? uuid("was") : undefined,
    config: pairs.has("config") ? shaped("config", configForm, "is not 8 hex digits") : "",
    hears: pairs.has("hears")
      ? BigInt(`0x${shaped("hears", hearsForm, "is no bit map in hex")}`)
      : undefined,
    aside: readAside(pairs),
  };
}

const nothing = new Uint8Array();

// An IPv6 address in brackets with its port has at most 47 characters; a zone may follow it.
const nodeForm = /^[0-9A-Za-z.:%[\]_-]{1,80}:[0-9]{1,5}$/;
const configForm = /^[0-9a-f]{8}$/;
// 16 hex digits hold a list of 64 voters.
const hearsForm = /^[0-9a-f]{1,16}$/;

function binds(ms: number): number {
  if (ms > maxBindsMs) throw malformed("binds", "is longer than a day");
  return ms;
}

// A uuid is no text of any encoding: its bytes are what the checksum and comparisons count.
function oneCharacterAByte(bytes: Uint8Array): string {
  let characters = "";
  for (let i = 0; i < bytes.length; i++) characters += String.fromCharCode(bytes[i]);
  return characters;
}

/** The bytes of a text of one character a byte; pure ASCII is returned as the text itself. */
function oneByteACharacter(text: string): Uint8Array | string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function echo(value: Uint8Array): Echo {
  const match = /^(.{36}):([0-9]{1,16})$/s.exec(oneCharacterAByte(value));
  const seq = Number(match?.[2]);
  if (match === null || !Number.isSafeInteger(seq)) throw malformed("support", "is no UUID:SEQ");
  return { uuid: match[1], seq };
}

// 20 digits hold every unsigned 64-bit number.
function digits(key: string, value: Uint8Array): string {
  const read = oneCharacterAByte(value);
  if (!/^[0-9]{1,20}$/.test(read)) throw malformed(key, "is not a decimal number");
  return read;
}

function malformed(key: string, what: string): DatagramError {
  return new DatagramError("malformed", `the field ${key} ${what}`);
}
