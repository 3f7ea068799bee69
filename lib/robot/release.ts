import type { FailoverAccess } from "./client.ts";
import { changeRouting, type RoutingResult, type RoutingRun } from "./_change_routing.ts";

/** What to release, and how long to try. */
export interface ReleaseOptions extends FailoverAccess {
  /** For everything: no request and no wait outlasts it. */
  readonly deadlineMs: number;
}

/**
 * Drops the routing of a failover address (`DELETE /failover/{ip}`), with the care of `takeover` and
 * its outcomes: `routed` means here that the address points nowhere, and that this did it.
 *
 * @throws TypeError when the URL is neither http nor https
 * @throws the signal's reason when it is aborted; what began goes on all the same
 */
export async function release(
  options: ReleaseOptions,
  run: RoutingRun = {},
): Promise<RoutingResult> {
  return await changeRouting({ ...options, to: null }, run);
}
