import type { MoveContext } from "./context.ts";
import { look } from "./look.ts";
import { type KeptAddress, pointsWhere } from "./provider.ts";

/**
 * Asks the provider once where an address points, so that a wrong password or an address that is not
 * on the account shows at the start, and not at the first failover in the night. The result goes to
 * the log; a preflight never fails, and never asks a second time.
 */
export async function preflight(
  address: KeptAddress,
  context: Pick<MoveContext, "signal" | "log" | "seen" | "guard">,
): Promise<void> {
  await address.prepare();
  if (!address.preflight) return;
  const { ip } = address;
  const { signal, log } = context;
  try {
    const found = await look(address, context);
    if ("problem" in found) {
      log("error", `preflight: ${ip} could not be taken over now: ${found.problem}`);
    } else {
      log("info", `preflight: ${pointsWhere({ ...found, ip })}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
