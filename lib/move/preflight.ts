import { isAmong } from "../base/ip_address.ts";
import { isLoopback } from "../base/loopback.ts";
import type { MoveContext } from "./context.ts";
import { lookTogether } from "./look.ts";
import { type KeptAddress, pointsWhere } from "./provider.ts";

/**
 * Asks the provider once where an address points, and whether all is well with it, so that a wrong
 * password or an address that is not on the account shows at the start, and not at the first failover
 * in the night. The result goes to the log; a preflight never fails, and never asks a second time.
 */
export async function preflight(
  address: KeptAddress,
  context: Pick<MoveContext, "signal" | "log" | "seen" | "guard" | "localHosts">,
): Promise<void> {
  if (!address.preflight) return;
  const { ip, title, wanted } = address;
  const { signal, log, localHosts } = context;
  try {
    const found = await lookTogether(address, context, true);
    const problem = "problem" in found ? found.problem : found.obstacle;
    if (problem !== undefined) {
      log("error", `preflight: ${ip} could not be taken over now: ${problem}`);
    }
    if ("problem" in found) return;
    log("info", `preflight: ${pointsWhere({ ...found, ip })}`);
    const { home } = found;
    // Servers on loopback are all of them this one, as in `failover demo`.
    if (home === undefined || isLoopback(home) || address.same(home, wanted)) return;
    if (!isAmong(home, localHosts?.() ?? [])) return;
    const mistake = `as lord this node routes ${ip} to ${wanted}`;
    log("warn", `preflight: ${mistake}, and the ${title} knows this server as ${home}`);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
