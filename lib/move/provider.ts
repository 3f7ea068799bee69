import type { Meaning } from "./meaning.ts";
import type { MoveError } from "./move_error.ts";

/** Where an address points, as its provider tells. */
export interface Route {
  /** The address, or the net address of a subnet. */
  readonly ip: string;
  /** The server's address that it is routed to now; null when it is not routed. */
  readonly pointsTo: string | null;
  /** Whether a switch is running, where the provider tells so. */
  readonly status?: "ready" | "processing";
}

/** How one request is made. */
export interface Asking {
  /** Cancels the request. */
  readonly signal?: AbortSignal;
  /** For the whole request, in milliseconds; default: the provider's own `timeoutMs`. */
  readonly timeoutMs?: number;
}

/** The first wait and the longest wait, in milliseconds; each wait is three times the one before. */
export interface Waits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** How often a provider may be asked in one takeover, and how long to wait in between. */
export interface Pace {
  /** The most requests for a switch. */
  readonly maxMoves: number;
  /** The most looks. */
  readonly maxLooks: number;
  /** Between two looks. */
  readonly look: Waits;
  /** Before a switch is asked for again. */
  readonly again: Waits;
  /** Before the next try to get a connection. */
  readonly connect: Waits;
}

/** The provider of one address: who moves it, by which requests, and what the replies mean. */
export interface Provider {
  /** The provider's name in the status: `hetzner-robot`. */
  readonly name: string;
  /** The provider in a sentence, behind "the": `Robot`. */
  readonly title: string;
  /**
   * Who asks, and where, as a key to remember by: equal for all addresses of one account. The key
   * may hold a secret, and is never told.
   */
  readonly account: string;
  /** The address, or the net address of a subnet. */
  readonly ip: string;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
  /** For a whole takeover, in milliseconds: no request and no wait outlasts it. */
  readonly deadlineMs: number;
  readonly pace: Pace;
  /** How log and progress call the requests: one that looks, that moves, that drops the routing. */
  readonly requests: { readonly look: string; readonly move: string; readonly drop: string };

  /** Loads what the first request needs, so that it takes no time when an address has to move. */
  prepare(): Promise<void>;

  /**
   * Asks where the address points, with one request.
   *
   * @throws MoveError when no readable answer comes
   * @throws TypeError when the settings cannot be used: a mistake of the caller's
   * @throws the signal's reason when it is aborted
   */
  look(asking?: Asking): Promise<Route>;

  /**
   * Asks for a switch, with exactly one request. The answer is what the provider says, and the
   * caller's to check.
   *
   * @param to The server's address; null to drop the routing
   * @throws MoveError when no readable answer comes
   * @throws TypeError when the settings cannot be used: a mistake of the caller's
   * @throws the signal's reason when it is aborted; a switch that began goes on all the same
   */
  move(to: string | null, asking?: Asking): Promise<Route>;

  /** Whether two addresses are the same to the provider, however they are spelled. */
  same(a: string, b: string): boolean;

  /** The meaning of an error of {@link Provider.look} or {@link Provider.move} for a takeover. */
  meaning(error: MoveError): Meaning;
}

/** An address that is to point to one server while this node is lord. */
export interface KeptAddress extends Provider {
  /** Where it is to point. */
  readonly wanted: string;
  /** Look once at the start where it points. */
  readonly preflight: boolean;
  /** Between two looks at where it points while lord, in milliseconds; 0: never. */
  readonly verifyMs: number;
  /** Take it back when it points elsewhere while lord. */
  readonly reclaim: boolean;
}

/** Whether an address points where it is to point; null: nowhere. */
export function isAt(
  provider: Pick<Provider, "same">,
  at: string | null,
  to: string | null,
): boolean {
  return at === null || to === null ? at === to : provider.same(at, to);
}

/** Where an address points, in words. */
export function pointsWhere({ ip, pointsTo }: Pick<Route, "ip" | "pointsTo">): string {
  return `${ip} points ${pointsTo === null ? "nowhere" : `to ${pointsTo}`}`;
}
