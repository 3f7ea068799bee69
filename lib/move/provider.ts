import type { Listing } from "./listing.ts";
import type { Meaning } from "./meaning.ts";
import type { MoveError } from "./move_error.ts";
import type { Reached } from "./reach.ts";

/** The place an address points to, by its provider's answer. */
export interface Route {
  /** The address, or the net address of a subnet. */
  readonly ip: string;
  /** The server that it is routed to now, by its address or its id; null: nowhere. */
  readonly pointsTo: string | null;
  /**
   * The main address of the server that the address belongs to, of the address's family; left out
   * where the provider does not tell.
   */
  readonly home?: string;
  /** Whether a switch is running (`processing`); left out where the provider does not tell. */
  readonly status?: "ready" | "processing";
  /**
   * The reason why the switch that was asked for last has failed, where the provider tells that later
   * than in its answer.
   */
  readonly failure?: { readonly code: string; readonly message: string };
  /**
   * The reason why the address could not be moved to the wanted server now, where one is known though
   * the provider answers.
   */
  readonly obstacle?: string;
}

/** The settings of one request. */
export interface Asking {
  /** Cancels the request. */
  readonly signal?: AbortSignal;
  /**
   * Called before each request is sent, on a connection that is there: aborts the signal where the
   * clock says that the request is wanted no more. A process that was stopped meanwhile may go on
   * with it before its own timers have told.
   */
  readonly recheck?: () => void;
  /** The limit for the whole request, in milliseconds; default: {@link Provider.timeoutMs}. */
  readonly timeoutMs?: number;
  /**
   * Whether a look also asks, with some requests more, for all that would keep the address from being
   * moved ({@link Route.obstacle}).
   */
  readonly isThorough?: boolean;
}

/** A series of waits: each is three times the one before, up to the longest. */
export interface Waits {
  /** The first wait, in milliseconds. */
  readonly firstMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
}

/**
 * The requests for a switch of one account that may fail, whatever the provider answers: some in a
 * row, and then one each time that a wait has passed. A success ends the row. In an hour as many may
 * fail as in one row and the waits of an hour.
 */
export interface FailingMoves {
  /** The most in a row. */
  readonly most: number;
  /** The time after which one more may, in milliseconds. */
  readonly eachMs: number;
}

/** The limits of a takeover's requests to a provider, and the waits between them. */
export interface Pace {
  /** The most requests for a switch in one takeover; may grow while the takeover runs. */
  readonly maxMoves: number;
  /** The most looks in one takeover. */
  readonly maxLooks: number;
  /** The waits between two looks. */
  readonly look: Waits;
  /** The waits between two looks while the provider is not available. */
  readonly maintenance: Waits;
  /** The waits before a switch is asked for again. */
  readonly again: Waits;
  /** The waits before the next try to connect. */
  readonly connect: Waits;
  /** The limit of an account's failing requests for a switch, in all of its takeovers together. */
  readonly failing: FailingMoves;
}

/** The requests that a provider allows an account in an hour, by all of its servers together. */
export interface Quota {
  /** The number of looks, at one address or at all of them. */
  readonly looksPerHour: number;
  /** The number of requests for a switch. */
  readonly movesPerHour: number;
}

/**
 * The look at all addresses of an account at once. One request tells of all that a thorough look
 * would.
 */
export interface LookAtAll {
  /**
   * A key that is equal for the addresses which one such look tells of. The key may hold a secret,
   * and is never shown.
   */
  readonly key: string;

  /**
   * Asks where all addresses of the account point, with one request.
   *
   * @throws MoveError when no readable answer comes
   * @throws TypeError when the settings cannot be used: a mistake of the caller's
   * @throws the signal's reason when it is aborted
   */
  look(asking?: Asking): Promise<readonly Route[]>;
}

/**
 * The provider of one address: the requests that move it, and the meaning of the replies. A plain
 * object, which may be spread into another with other times.
 */
export interface Provider {
  /** The provider's name in the status, in small letters and `-`. */
  readonly name: string;
  /** The provider's name in a sentence, after "the". */
  readonly title: string;
  /**
   * The key of the account that asks, equal for all of its addresses. The key may hold a secret,
   * and is never shown.
   */
  readonly account: string;
  /** The account's name for people; empty: it has none. */
  readonly user: string;
  /** The address, the net address of a subnet, or another name of it, as the settings have it. */
  readonly ip: string;
  /** The limit for one request, in milliseconds. */
  readonly timeoutMs: number;
  /** The limit for a whole takeover, in milliseconds: no request and no wait outlasts it. */
  readonly deadlineMs: number;
  /** The limits and waits of a takeover. */
  readonly pace: Pace;
  /** The requests that the account has; undefined: no limit that matters. */
  readonly quota?: Quota;
  /** The look that also tells of the account's other addresses; undefined: there is none. */
  readonly all?: LookAtAll;
  /** The names in log and progress for the requests that look, move, and drop the routing. */
  readonly requests: { readonly look: string; readonly move: string; readonly drop: string };

  /**
   * Whether a request for a switch to the server where the address is already changes nothing, and
   * tells all the same what keeps a switch from coming about; by default it may change something.
   */
  readonly mayAskInPlace?: boolean;

  /**
   * Whether no look is possible, since the provider does not tell where the address points: the
   * reply to a request for a switch is then all that is known.
   */
  readonly isBlind?: boolean;

  /** Does beforehand, beside other things, what the first request would have to wait for. */
  prepare(): Promise<void>;

  /**
   * Connects without a request, which is not counted, and closes the connection again.
   *
   * @throws MoveError when there is no connection, or its certificate does not verify
   * @throws the signal's reason when it is aborted
   */
  reach(asking?: Asking): Promise<Reached>;

  /**
   * Asks where the address points, with one request, or a few where one does not tell.
   *
   * @throws MoveError when no readable answer comes
   * @throws TypeError when the settings cannot be used: a mistake of the caller's
   * @throws the signal's reason when it is aborted
   */
  look(asking?: Asking): Promise<Route>;

  /**
   * Asks for a switch, exactly once. The caller must check whether the answer says what was asked for.
   *
   * @param to the server, by its address, its id or its name; null to drop the routing
   * @throws MoveError when no readable answer comes
   * @throws TypeError when the settings cannot be used: a mistake of the caller's
   * @throws the signal's reason when it is aborted; a switch that has begun goes on all the same
   */
  move(to: string | null, asking?: Asking): Promise<Route>;

  /** Whether {@link Provider.list} tells of this address alone, and not of all of the account. */
  readonly listsItself?: boolean;

  /**
   * Lists all addresses of the account.
   *
   * @param url another URL of the list than the usual one, used as it is
   * @throws MoveError when no readable answer comes
   * @throws TypeError when the settings cannot be used: a mistake of the caller's
   * @throws the signal's reason when it is aborted
   */
  list(asking?: Asking, url?: string): Promise<Listing>;

  /** Whether two spellings mean the same address, or the same server, to the provider. */
  same(a: string, b: string): boolean;

  /** The reason why no server for this address can be named so; undefined: one can. */
  serverProblem(server: string): string | undefined;

  /** The name by which a server is told, for one that the settings may name in another way. */
  serverName(server: string): string;

  /** The meaning of an error of {@link Provider.look} or {@link Provider.move} for a takeover. */
  meaning(error: MoveError): Meaning;
}

/** An address that is to point to one server while this node is lord. */
export interface KeptAddress extends Provider {
  /** The server that it is to point to, as the settings name it. */
  readonly wanted: string;
  /** Whether to look once at the start where it points. */
  readonly preflight: boolean;
  /** The time between two looks at where it points while lord, in milliseconds; 0: never look. */
  readonly verifyMs: number;
  /** Whether to take the address back when it points elsewhere while lord. */
  readonly reclaim: boolean;
}

/** Whether the server an address points at is the one it is to point to; null: nowhere. */
export function isAt(
  provider: Pick<Provider, "same">,
  at: string | null,
  to: string | null,
): boolean {
  return at === null || to === null ? at === to : provider.same(at, to);
}

/** Says in words where an address points. */
export function pointsWhere({ ip, pointsTo }: Pick<Route, "ip" | "pointsTo">): string {
  return `${ip} points ${pointsTo === null ? "nowhere" : `to ${pointsTo}`}`;
}
