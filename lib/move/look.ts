import type { MoveContext } from "./context.ts";
import { MoveError } from "./move_error.ts";
import type { KeptAddress, Route } from "./provider.ts";
import { sightOf } from "./_sight.ts";

/** The reason why the place an address points to is not known. */
export interface Unknown {
  /** The code of the {@link MoveError}, or `NOT_ASKED`. */
  readonly code: string;
  /** The reason in words. */
  readonly problem: string;
}

/**
 * Asks where an address points, unless the account must not be asked now, and reports the answer to
 * `seen`. Questions of one account are asked one after the other, since several failed logins at
 * once would make the provider block this machine.
 *
 * @param isThorough whether to ask also for what would keep the address from being moved
 * @throws the signal's reason when it is aborted
 */
export async function look(
  address: KeptAddress,
  { signal, seen, guard }: Pick<MoveContext, "signal" | "seen" | "guard">,
  isThorough = false,
): Promise<Route | Unknown> {
  const { name: provider, account, ip } = address;
  const ask = async (): Promise<Route | Unknown> => {
    signal.throwIfAborted();
    const refusal = guard.refusal(account, "look");
    if (refusal !== undefined) return { code: "NOT_ASKED", problem: refusal };
    try {
      const route = await address.look({ signal, isThorough });
      guard.learn(account, "look");
      return route;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MoveError)) throw error;
      guard.learn(account, "look", error);
      return { code: error.code, problem: `${error.code}: ${error.message}` };
    }
  };
  const found = await guard.inTurn(account, () => guard.carefully(account, "look", ask));
  if ("problem" in found) {
    const wanted = address.serverName(address.wanted);
    seen({ provider, ip, wanted, problem: found.problem });
  } else {
    const { pointsTo, obstacle: problem } = found;
    seen({ ...sightOf(address, pointsTo), ...problem !== undefined && { problem } });
  }
  return found;
}

/** Logs why the place an address points to is not known. */
export function tellUnknown(
  { ip }: Pick<KeptAddress, "ip">,
  { code, problem }: Unknown,
  { log }: Pick<MoveContext, "log">,
): void {
  // The reason not to ask was logged when it arose.
  if (code !== "NOT_ASKED") log("warn", `where ${ip} points is not known: ${problem}`);
}
