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

/** The settings of one `hetzner-failoverip:` action (API.md, "The action"). */
export interface HetznerFailoverip {
  readonly username: string;
  readonly password: string;
  /** The failover address, or the net address of a failover subnet. */
  readonly ip: string;
  /** The main address of the server that the failover address is to be routed to. */
  readonly activeServerIp: string;
  /** The whole URL to POST to. */
  readonly url: string;
  /** For one request. */
  readonly timeoutMs: number;
  /** For the whole takeover, retries included. */
  readonly deadlineMs: number;
  /** Do not verify the API's certificate. */
  readonly sslNoVerify: boolean;
  /** Path of a PEM file to trust besides the system's certificates. */
  readonly ca?: string;
  /** Between looks at where the address points while lord; 0 = never. */
  readonly verifyMs: number;
  /** Take the address back when it points elsewhere while lord. */
  readonly reclaim: boolean;
  /** Look once at start where the address points. */
  readonly preflight: boolean;
}

/** What a hook does: `cmd:` and `exec:` are both `cmd`. */
export type HookAction =
  | {
    readonly kind: "cmd";
    readonly command: string;
    /** The command as the file has it, references not replaced: what they stand for may be secret. */
    readonly written: string;
  }
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "hetzner-failoverip"; readonly failoverip: HetznerFailoverip };

/** One hook: an action bound to an event, and where the configuration says so. */
export interface Hook extends Place {
  readonly event: HookEvent;
  readonly action: HookAction;
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
