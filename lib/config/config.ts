import type { Action } from "../base/action_kind.ts";
import type { HookEvent } from "../base/hook_event.ts";
import type { Address } from "../base/address.ts";
import type { Place } from "../base/place.ts";
import type { FieldsOf } from "./option.ts";
import type { nodeOptions } from "./node_options.ts";
import type { legionOptions } from "./legion_options.ts";
import type { Origin } from "./origin.ts";
import type { Voters } from "./voters.ts";

/** The way in which a legion's own address is bound: as itself, or as the address of a group. */
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

/** One hook: an action bound to an event, and its place in the configuration. */
export interface Hook extends Place {
  /** The event. */
  readonly event: HookEvent;
  /** The action. */
  readonly action: Action;
}

/**
 * One `legion = …` with everything that other options say of it: the fields of the rows in
 * {@link legionOptions}, those of {@link Voters}, and these.
 */
export interface LegionConfig extends Place, Voters, FieldsOf<typeof legionOptions> {
  /** The legion's name. */
  readonly name: string;
  /** The own address, to listen on. An empty host in the file is `0.0.0.0` here. */
  readonly address: Address;
  /** The way in which the own address is bound. */
  readonly casting: Casting;
  /** The rank; 0 is an arbiter, which votes and is never lord. */
  readonly valor: number;
  /** The cipher that announcements are encrypted with. */
  readonly cipher: CipherName;
  /** The secret that the cipher's key is made of. */
  readonly secret: string;
  /** The initialization vector as written, which the cipher pads; empty when there is none. */
  readonly iv: string;
  /** The hooks, in the order of the file. */
  readonly hooks: readonly Hook[];
}

/** A configuration file, read and found right: the fields of {@link nodeOptions}, and these. */
export interface Config extends FieldsOf<typeof nodeOptions> {
  /** The path of the file, as given. */
  readonly file: string;
  /** The section that was read. */
  readonly section: string;
  /** The paths of all files that were read as a part of it, that one first. */
  readonly files: readonly string[];
  /** The legions, at least one, in the order of the file. */
  readonly legions: readonly LegionConfig[];
  /** The lines that the values come from, in their order. */
  readonly origins: readonly Origin[];
  /** Options that only concern uWSGI, for the log; `line N` for one whose name may be secret. */
  readonly passedOver: readonly string[];
  /** Warnings about settings allowed but unwise, one sentence each, with file and line. */
  readonly warnings: readonly string[];
}
