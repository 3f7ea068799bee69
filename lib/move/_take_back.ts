import type { MoveContext } from "./context.ts";
import type { KeptAddress } from "./provider.ts";
import { notAsked, routeHere } from "./route_here.ts";

/**
 * Takes an address back that points elsewhere while this node is lord, and logs a failure: the next
 * look shows the result.
 *
 * @throws the signal's reason when it is aborted; nothing is sent afterwards
 */
export async function takeBack(address: KeptAddress, context: MoveContext): Promise<void> {
  const { ip, account } = address;
  const refusal = context.guard.refusal(account, "switch");
  if (refusal !== undefined) {
    notAsked(ip, context);
    return context.log("error", `${ip} could not be taken back: ${refusal}`);
  }
  const result = await routeHere(address, context);
  if (!("code" in result)) return;
  const { outcome, code } = result;
  context.log("error", `${ip} could not be taken back: ${outcome}: ${code}`);
}
