import { openerFor } from "../base/http_opener.ts";
import type { HookContext } from "./action.ts";
import type { FailoveripSettings } from "./hetzner_failoverip.ts";
import { look } from "./_look.ts";

/**
 * Asks the Robot once where a failover address points, so that a wrong password or an address that
 * is not on the account shows at the start, and not at the first failover in the night. What it
 * finds goes to the log; it never fails, and never asks a second time.
 */
export async function preflight(
  settings: FailoveripSettings & { readonly preflight: boolean },
  context: Pick<HookContext, "signal" | "log" | "seen" | "guard">,
): Promise<void> {
  // What speaks HTTP is loaded now in any case, and not when an address has to move.
  await openerFor(new URL(settings.url));
  if (!settings.preflight) return;
  const { ip } = settings;
  const { signal, log } = context;
  try {
    const found = await look(settings, context);
    if ("problem" in found) {
      log("error", `preflight: ${ip} could not be taken over now: ${found.problem}`);
    } else {
      const { activeServerIp: to } = found;
      log("info", `preflight: ${ip} points ${to === null ? "nowhere" : `to ${to}`}`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
