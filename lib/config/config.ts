import type { Action } from "../base/action_kind.ts";
import type { HookEvent } from "../base/hook_event.ts";
import type { Address } from "../base/address.ts";
import type { Place } from "../base/place.ts";
import type { FieldsOf } from "./option.ts";
import type { legionOptions, nodeOptions } from "./options.ts";

/** How a legion's own address is bound: to itself, or as a member of a group. */
export type Casting = "unicast" | "multicast" | "broadcast";

/** The ciphers a legion may use, by their OpenSSL names. */
export const cipherNames = [
  "bf-cbc",
  "aes-128-cbc",
  "aes-192-cbc",
  "aes-256-cbc",
  "des-ede3-cbc",
] as const;

/** One of {@link cipherNames}. */
export type CipherName = typeof cipherNames[number];

/** One hook: an action bound to an event, and where the configuration says so. */
export interface Hook extends Place {
  readonly event: HookEvent;
  readonly action: Action;
}

/**
 * One `legion = …` with everything that other options say of it: the fields of the rows in
 * {@link legionOptions}, and these.
 */
export interface LegionConfig extends Place, FieldsOf<typeof legionOptions> {
  readonly name: string;
  /** The own address: where to listen. An empty host in the file is `0.0.0.0` here. */
  readonly address: Address;
  readonly casting: Casting;
  /** Rank; 0 is an arbiter, which votes and is never lord. */
  readonly valor: number;
  readonly cipher: CipherName;
  readonly secret: string;
  /** As written; the cipher pads it. Empty when there is none. */
  readonly iv: string;
  /** How many nodes that makes with this one; undefined: in a group it is not known. */
  readonly nodeCount?: number;
  /** In the order of the file. */
  readonly hooks: readonly Hook[];
}

/** A configuration file, read and found right: the fields of {@link nodeOptions}, and these. */
export interface Config extends FieldsOf<typeof nodeOptions> {
  readonly file: string;
  readonly section: string;
  /** At least one, in the order of the file. */
  readonly legions: readonly LegionConfig[];
  /** Options that only concern uWSGI, passed over, or `line N` where one is no name: for the log. */
  readonly passedOver: readonly string[];
  /** What is allowed but unwise, one sentence each, with file and line. */
  readonly warnings: readonly string[];
}
