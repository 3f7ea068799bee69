import type { KeptAddress } from "../move/provider.ts";
import { notAsked, routeHere } from "../move/route_here.ts";
import { type HookContext, HookError } from "./action.ts";

/**
 * Moves an address to its wanted server; resolves once the provider says that it points there. With
 * a node that was lord before its restart it also resolves where the provider does not say where the
 * address points, since very probably it points there.
 *
 * @throws HookError when the address does not point there in the end: with the provider's own code
 * and message
 * @throws the signal's reason when it was aborted; nothing is sent afterwards
 */
export async function moveHere(address: KeptAddress, context: HookContext): Promise<void> {
  await context.guard.carefully(address.account, "switch", () => move(address, context));
}

async function move(address: KeptAddress, context: HookContext): Promise<void> {
  const { guard, resumed } = context;
  const wasLord = resumed === "lord";
  const refusal = guard.refusal(address.account, "switch");
  if (refusal !== undefined) {
    notAsked(address.ip, context);
    if (wasLord) return presume(address, refusal, context);
    context.unsettled(address.ip);
    throw new HookError(refusal);
  }
  const before = resumed && (wasLord ? "there" : "on its way");
  const result = await routeHere(address, context, { before });
  if (!("code" in result)) return;
  const { outcome, code, message } = result;
  if (outcome === "presumed there") return presume(address, `${code}: ${message}`, context);
  // The node may be lord all the same, where legion-death-on-lord-error is not set.
  if (outcome !== "refused") context.unsettled(address.ip);
  throw new HookError(`${outcome}: ${code}: ${message}`);
}

/** Goes on as if the address pointed to its wanted server; the node looks at it again. */
function presume({ ip, wanted }: KeptAddress, why: string, context: HookContext): void {
  context.log("warn", `${ip} is presumed to point to ${wanted}, and looked at again: ${why}`);
  context.unsettled(ip);
}
