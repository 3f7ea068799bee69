import type { Question } from "./account_guard.ts";
import type { MoveContext } from "./context.ts";
import { MoveError } from "./move_error.ts";
import type { KeptAddress, Route } from "./provider.ts";
import { sightOf } from "./sight.ts";

/** The reason why the place an address points to is not known. */
export interface Unknown {
  /** The code of the {@link MoveError}, or `NOT_ASKED`. */
  readonly code: string;
  /** The reason in words. */
  readonly problem: string;
  /** The error of the request; undefined: none was sent. */
  readonly error?: MoveError;
}

/** The parts of the context that a look needs. */
export type LookContext = Pick<MoveContext, "signal" | "seen" | "guard">;

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
  context: LookContext,
  isThorough = false,
): Promise<Route | Unknown> {
  const { account, ip } = address;
  const { signal, guard } = context;
  if (address.isBlind) return { code: "NOT_ASKED", problem: "the provider does not tell it" };
  guard.looks(account).about(ip);
  const found = await ask(account, context, () => address.look({ signal, isThorough }));
  return told(address, found, context);
}

/**
 * Asks where an address points, as {@link look} does. Looks at several addresses of an account that
 * are due at the same moment are one request, where the provider can answer them together.
 *
 * @throws the signal's reason when it is aborted
 */
export async function lookTogether(
  address: KeptAddress,
  context: LookContext,
  isThorough = false,
): Promise<Route | Unknown> {
  const { account, ip } = address;
  const { guard, signal } = context;
  guard.looks(account).about(ip);
  const found = await guard.together.look(address, signal, (all, signal) => {
    return ask(account, { guard, signal }, () => all.look({ signal }));
  });
  return found === undefined
    ? await look(address, context, isThorough)
    : told(address, found, context);
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

const question: Question = "look";

/** Sends the request of a look when its turn has come, unless the account must not be asked now. */
async function ask<T>(
  account: string,
  { guard, signal }: Pick<MoveContext, "guard" | "signal">,
  request: () => Promise<T>,
): Promise<T | Unknown> {
  const asked = async (): Promise<T | Unknown> => {
    signal.throwIfAborted();
    const refusal = guard.refusal(account, question);
    if (refusal !== undefined) return { code: "NOT_ASKED", problem: refusal };
    guard.looks(account).sent();
    try {
      const answer = await request();
      guard.learn(account, question);
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MoveError)) throw error;
      guard.learn(account, question, error);
      return { code: error.code, problem: `${error.code}: ${error.message}`, error };
    }
  };
  return await guard.inTurn(account, () => guard.carefully(account, question, asked));
}

function told(
  address: KeptAddress,
  found: Route | Unknown,
  { seen }: LookContext,
): Route | Unknown {
  const { name: provider, ip } = address;
  if ("problem" in found) {
    const wanted = address.serverName(address.wanted);
    seen({ provider, ip, wanted, problem: found.problem });
  } else {
    const { pointsTo, obstacle: problem } = found;
    seen({ ...sightOf(address, pointsTo), ...problem !== undefined && { problem } });
  }
  return found;
}
