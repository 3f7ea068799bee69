import type { FailoverAccess } from "./client.ts";
import { changeRouting, type RoutingResult, type RoutingRun } from "./_change_routing.ts";

export type {
  RoutingProgress as TakeoverProgress,
  RoutingResult as TakeoverResult,
  RoutingRun as TakeoverRun,
} from "./_change_routing.ts";

/** What to take over, and how long to try. */
export interface TakeoverOptions extends FailoverAccess {
  /**
   * The main address of the server to route to; the net address of its main IPv6 subnet for a
   * failover subnet.
   */
  readonly activeServerIp: string;
  /** For everything: no request and no wait outlasts it. */
  readonly deadlineMs: number;
}

/**
 * Routes a failover address to a server, with the right outcome for every reply (API.md,
 * "Errors"): it asks for the switch, looks where the address points when the outcome is not known,
 * and tries again, with growing waits, where that is of use; at most 5 `POST`s and 15 `GET`s.
 * A failed login is never repeated.
 *
 * @example
 * ```ts
 * const result = await takeover({
 *   username: "user",
 *   password: "secret",
 *   ip: "4.4.4.4",
 *   activeServerIp: "1.1.1.1",
 *   url: failoverUrl("4.4.4.4"),
 *   timeoutMs: 60_000,
 *   deadlineMs: 180_000,
 * }, { signal: AbortSignal.timeout(300_000) });
 * ```
 *
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted; a switch that began goes on all the same
 */
export async function takeover(
  { activeServerIp, ...options }: TakeoverOptions,
  run: RoutingRun = {},
): Promise<RoutingResult> {
  return await changeRouting({ ...options, to: activeServerIp }, run);
}
