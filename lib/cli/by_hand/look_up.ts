import type { HetznerFailoverip } from "../../config/config.ts";
import type { AccountGuard } from "../../robot/account_guard.ts";
import { sameAddress } from "../../base/ip_address.ts";
import { getFailover } from "../../robot/client.ts";
import { RobotError } from "../../robot/errors.ts";
import type { AddressStats } from "../../status/report.ts";

/**
 * Asks the Robot where an address points, unless the account must not be asked now. One after the
 * other, since three failed logins at once would block this machine.
 *
 * @throws the signal's reason when it is aborted
 */
export async function lookedUp(
  action: HetznerFailoverip,
  guard: AccountGuard,
  signal?: AbortSignal,
): Promise<AddressStats> {
  const { ip, activeServerIp: wanted } = action;
  const unknown = (problem: string) => ({ ip, wanted, active_server_ip: null, seen: 0, problem });
  return await guard.inTurn(action, async () => {
    const refusal = guard.refusal(action, "look");
    if (refusal !== undefined) return unknown(refusal);
    try {
      const { activeServerIp: found } = await getFailover(action, { signal });
      const here = found !== null && sameAddress(found, wanted);
      const seen = Math.floor(Date.now() / 1000);
      return { ip, wanted, active_server_ip: here ? wanted : found, seen, problem: "" };
    } catch (error) {
      if (!(error instanceof RobotError)) throw error;
      guard.learn(action, "look", error);
      return unknown(`${error.code}: ${error.message}`);
    }
  });
}
