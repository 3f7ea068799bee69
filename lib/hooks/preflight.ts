import { getFailover } from "../robot/client.ts";
import { RobotError } from "../robot/errors.ts";
import type { HookContext } from "./action.ts";
import type { FailoveripSettings } from "./hetzner_failoverip.ts";
import { sightOf } from "./_sight.ts";

/**
 * Asks the Robot once where a failover address points, so that a wrong password or an address that
 * is not on the account shows at the start, and not at the first failover in the night. What it
 * finds goes to the log; it never fails, and never asks a second time.
 */
export async function preflight(
  settings: FailoveripSettings & { readonly preflight: boolean },
  { signal, log, seen }: Pick<HookContext, "signal" | "log" | "seen">,
): Promise<void> {
  if (!settings.preflight) return;
  const { ip, activeServerIp: wanted } = settings;
  try {
    const { activeServerIp } = await getFailover(settings, { signal });
    seen(sightOf(settings, activeServerIp));
    log(
      "info",
      `preflight: ${ip} points ${activeServerIp === null ? "nowhere" : `to ${activeServerIp}`}`,
    );
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof RobotError)) throw error;
    seen({ ip, wanted, problem: `${error.code}: ${error.message}` });
    log("error", `preflight: ${ip} could not be taken over now: ${error.code}: ${error.message}`);
  }
}
