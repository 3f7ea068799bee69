import { Buffer } from "node:buffer";
import { DatagramError } from "./datagram_error.ts";
import { decodePairs, encodePairs, type Pair } from "./pairs.ts";

/** The uuid in `lordUuid` before the first vote: 36 NUL bytes. */
export const noUuid = "\0".repeat(36);

/** What a node tells the others of itself (legion-protocol, "The datagram"). */
export interface Announcement {
  /** The legion's name. */
  readonly legion: string;
  /** The sender's rank; 0 is an arbiter. */
  readonly valor: number;
  /** The sender's wall clock, in whole seconds since 1970. */
  readonly unix: number;
  /** Since when the sender is lord (as `unix`); 0 when it is not. */
  readonly lord: number;
  /** The sender's host name. */
  readonly name: string;
  readonly pid: number;
  /** 36 characters, one a byte. */
  readonly uuid: string;
  /** Of the sender's view of the legion, an unsigned 64-bit number; 0 before the first vote. */
  readonly checksum: bigint;
  /** The valor and the uuid of the sender's candidate: its vote. */
  readonly lordValor: number;
  readonly lordUuid: string;
  /** Free text; empty when there is none. */
  readonly scroll: string;
  /** The sender leaves. */
  readonly dead: boolean;
  /** 1, 2, 3 … counted by the sender (lease, "On the wire"); 0 from a uWSGI node, which has none. */
  readonly seq: number;
  /** Whom the sender supports; absent when it supports nobody, and from a uWSGI node. */
  readonly support?: Echo;
  /** The sender's lord hooks run: it claims the lordship, and is not lord yet. */
  readonly claim: boolean;
}

/** A node, and the newest `seq` that was heard from it. */
export interface Echo {
  readonly uuid: string;
  readonly seq: number;
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Writes an announcement as a clear body, its pairs in the protocol's order. */
export function encodeAnnouncement(a: Announcement): Uint8Array {
  const pairs: Pair[] = [
    ["legion", utf8.encode(a.legion)],
    ["valor", decimal(a.valor)],
    ["unix", decimal(a.unix)],
    ["lord", decimal(a.lord)],
    ["name", utf8.encode(a.name)],
    ["pid", decimal(a.pid)],
    ["uuid", uuidBytes(a.uuid)],
    ["checksum", decimal(a.checksum)],
    ["lord_valor", decimal(a.lordValor)],
    ["lord_uuid", uuidBytes(a.lordUuid)],
  ];
  if (a.scroll !== "") pairs.push(["scroll", utf8.encode(a.scroll)]);
  if (a.dead) pairs.push(["dead", decimal(1)]);
  if (a.seq > 0) pairs.push(["seq", decimal(a.seq)]);
  if (a.support) pairs.push(["support", supportBytes(a.support)]);
  if (a.claim) pairs.push(["claim", decimal(1)]);
  return encodePairs(pairs);
}

/**
 * Reads an announcement from a clear body. Unknown keys are passed over, and of a repeated key the
 * last counts.
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
  const number = (key: string) => {
    const value = Number(digits(key, bytes(key)));
    if (!Number.isSafeInteger(value)) throw malformed(key, "is too large");
    return value;
  };
  const uuid = (key: string) => {
    const value = bytes(key);
    if (value.length !== 36) throw malformed(key, "is not 36 bytes long");
    return oneCharacterAByte(value);
  };
  return {
    legion: text.decode(bytes("legion")),
    valor: number("valor"),
    unix: number("unix"),
    lord: number("lord"),
    name: text.decode(bytes("name")),
    pid: number("pid"),
    uuid: uuid("uuid"),
    checksum: BigInt.asUintN(64, BigInt(digits("checksum", bytes("checksum")))),
    lordValor: number("lord_valor"),
    lordUuid: uuid("lord_uuid"),
    scroll: text.decode(pairs.get("scroll")),
    dead: text.decode(pairs.get("dead")) === "1",
    seq: pairs.has("seq") ? number("seq") : 0,
    support: pairs.has("support") ? echo(bytes("support")) : undefined,
    claim: text.decode(pairs.get("claim")) === "1",
  };
}

// A uuid's bytes count in the checksum and in comparisons. TextDecoder has no such encoding: its
// "latin1" is windows-1252, where the bytes from 0x80 to 0x9f are other characters.
function oneCharacterAByte(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function decimal(value: number | bigint): Uint8Array {
  return utf8.encode(value.toString());
}

function uuidBytes(uuid: string): Uint8Array {
  return Uint8Array.from(uuid, (character) => character.charCodeAt(0));
}

function supportBytes({ uuid, seq }: Echo): Uint8Array {
  return uuidBytes(`${uuid}:${seq}`);
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
