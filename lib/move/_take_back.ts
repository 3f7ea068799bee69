import type { MoveContext } from "./context.ts";
import type { KeptAddress } from "./provider.ts";
import { notAsked, routeHere } from "./route_here.ts";

/**
 * Takes an address that points elsewhere while this node is lord, and logs a failure.
 *
 * @param wasHere whether the address was here before
 * @returns whether the address points here now
 * @throws the signal's reason when it is aborted; nothing is sent afterwards
 */
export async function takeBack(
  address: KeptAddress,
  context: MoveContext,
  wasHere: boolean,
): Promise<boolean> {
  const { ip, account } = address;
  const refusal = context.guard.refusal(account, "switch");
  if (refusal !== undefined) {
    notAsked(ip, context);
    context.log("error", `${ip} could not be taken back: ${refusal}`);
    return false;
  }
  const result = await routeHere(address, context, { wasHere });
  if (!("code" in result)) return true;
  const { outcome, code } = result;
  context.log("error", `${ip} could not be taken back: ${outcome}: ${code}`);
  return false;
}
