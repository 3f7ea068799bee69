// Looks that somebody has ordered, by a start, a reload or `failover resume`: a login that failed is
// then tried once more, since it may be right now.
import type { MoveContext } from "../move/context.ts";
import { preflight } from "../move/preflight.ts";
import type { KeptAddress } from "../move/provider.ts";

/** Looks at an address once more, also where its login failed before. */
export async function lookAgain(address: KeptAddress, context: MoveContext): Promise<void> {
  if (address.isBlind) return endTrouble(address, context);
  context.guard.tryAgain(address.account);
  await preflight({ ...address, preflight: true }, context);
}

/** Looks at an address at a start, and in any case where its login failed before. */
export async function lookAtStart(address: KeptAddress, context: MoveContext): Promise<void> {
  if (context.guard.isRefused(address.account)) await lookAgain(address, context);
  else await preflight(address, context);
}

/** Looks at an address as at the start, also where its login failed before. */
export async function lookAnew(address: KeptAddress, context: MoveContext): Promise<void> {
  if (address.isBlind) return endTrouble(address, context);
  context.guard.tryAgain(address.account);
  await preflight(address, context);
}

/** Ends the trouble of an address that no look tells of: the next takeover tells anew. */
function endTrouble(address: KeptAddress, { guard, seen }: MoveContext): void {
  const { name: provider, account, ip, wanted } = address;
  guard.forget(account);
  seen({ provider, ip, wanted: address.serverName(wanted) });
}
