import { getFailover } from "../robot/client.ts";
import { RobotError } from "../robot/errors.ts";
import type { Failover } from "../robot/failover.ts";
import type { HookContext } from "./action.ts";
import type { FailoveripSettings } from "./hetzner_failoverip.ts";
import { sightOf } from "./_sight.ts";

/** Why it is not known where an address points. */
export interface Unknown {
  readonly code: string;
  readonly problem: string;
}

/**
 * Asks where an address points, unless the account must not be asked now; what is seen is told.
 *
 * @throws the signal's reason when it is aborted
 */
export async function look(
  settings: FailoveripSettings,
  { signal, seen, guard }: Pick<HookContext, "signal" | "seen" | "guard">,
): Promise<Failover | Unknown> {
  const found = await guard.inTurn(settings, async (): Promise<Failover | Unknown> => {
    signal.throwIfAborted();
    const refusal = guard.refusal(settings, "look");
    if (refusal !== undefined) return { code: "NOT_ASKED", problem: refusal };
    try {
      return await getFailover(settings, { signal });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RobotError)) throw error;
      guard.learn(settings, "look", error);
      return { code: error.code, problem: `${error.code}: ${error.message}` };
    }
  });
  const { ip, activeServerIp: wanted } = settings;
  if ("problem" in found) seen({ ip, wanted, problem: found.problem });
  else seen(sightOf(settings, found.activeServerIp));
  return found;
}
