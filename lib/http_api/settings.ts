import type { Condition, StatusRange } from "./condition.ts";
import type { Template } from "./template.ts";

/** The login at an API; each secret is of a file. */
export type Auth =
  /** A user and a password (RFC 7617). */
  | { readonly kind: "basic"; readonly user: string; readonly secret: string }
  /** A token that stays the same (RFC 6750). */
  | { readonly kind: "bearer"; readonly secret: string }
  /** A token that is fetched with a client's secret, or with a refresh token (RFC 6749). */
  | {
    readonly kind: "client-credentials" | "refresh-token";
    /** The URL that gives the token. */
    readonly url: string;
    /** The client's id. */
    readonly client: string;
    /** The client's secret, or the refresh token. */
    readonly secret: string;
    /** The scope to ask for; undefined: none. */
    readonly scope?: string;
  };

/** The settings of an address that an HTTP API moves: plain data. */
export interface ApiSettings {
  /** The section's name, without `http`. */
  readonly name: string;
  /** The address. */
  readonly ip: string;
  /** The name by which the API calls this server. */
  readonly here: string;
  /** The legion's name, for `{legion}`. */
  readonly legion: string;
  /** The node's name, for `{node}`. */
  readonly node: string;
  /** The method of the request for a switch. */
  readonly method: "POST" | "PUT" | "PATCH" | "GET" | "DELETE";
  /** The URL of the request for a switch. */
  readonly url: Template;
  /** The headers of all requests, besides those that follow from other settings. */
  readonly headers: readonly { readonly name: string; readonly value: Template }[];
  /** The body of the request for a switch, with its media type; undefined: none. */
  readonly body?: { readonly text: Template; readonly type: string };
  /** The statuses of a switch that is taken. */
  readonly statuses: readonly StatusRange[];
  /** The replies that say that the address is there already. */
  readonly already: readonly Condition[];
  /** The replies that say that no switch can be asked for now, and soon can. */
  readonly busy: readonly Condition[];
  /** The replies that say that the address was moved too short a time ago. */
  readonly cooldown: readonly Condition[];
  /** The request that tells how the switch goes on; undefined: it has ended with its reply. */
  readonly poll?: {
    /** The URL, in which fields of the switch's reply may stand. */
    readonly url: Template;
    /** The replies that say that it has ended well. */
    readonly done: readonly Condition[];
    /** The replies that say that it has failed. */
    readonly failed: readonly Condition[];
  };
  /** The request that tells where the address is; undefined: there is none. */
  readonly look?: {
    /** The URL. */
    readonly url: Template;
    /** The JSON pointer of the server. */
    readonly at: string;
  };
  /** The login; undefined: none, or in a header. */
  readonly auth?: Auth;
  /** Values that must not be shown, besides the login's. */
  readonly secrets: readonly string[];
  /** The limit for one request, in milliseconds. */
  readonly timeoutMs: number;
  /** The limit for a whole takeover, in milliseconds. */
  readonly deadlineMs: number;
  /** The time between two looks while lord, in milliseconds; 0: none. */
  readonly verifyMs: number;
  /** Whether to take the address back when it is elsewhere while lord. */
  readonly reclaim: boolean;
  /** The path of a PEM file to trust besides the system's certificates. */
  readonly ca?: string;
  /** The proxy to go through; undefined: that of the environment. */
  readonly proxy?: string;
}
