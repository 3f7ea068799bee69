import type { KeptAddress } from "../move/provider.ts";
import { routeHere } from "../move/route_here.ts";
import { type HookContext, HookError } from "./action.ts";

/**
 * Moves an address to its wanted server; resolves once the provider says that it points there.
 *
 * @throws HookError when the address does not point there in the end: with the provider's own code
 * and message
 * @throws the signal's reason when it was aborted; nothing is sent afterwards
 */
export async function moveHere(address: KeptAddress, context: HookContext): Promise<void> {
  const refusal = context.guard.refusal(address.account, "switch");
  if (refusal !== undefined) throw new HookError(refusal);
  const result = await routeHere(address, context);
  if (!("code" in result)) return;
  throw new HookError(`${result.outcome}: ${result.code}: ${result.message}`);
}
