import { askNode, ControlRefusal, NoNode } from "../../node/control_client.ts";
import { orderTo } from "../choose_node.ts";
import { nodeOfConfig } from "../find_node.ts";
import type { Target } from "./_target.ts";

/**
 * Lets the node here look at an address that was moved by hand, so that its status is right at once:
 * with one request to the provider, since the node believes nobody but that. Where no node runs
 * here, or this user has no right to give it orders, nothing happens: the move is done all the same.
 */
export async function tellNode({ provider: { ip }, configured }: Target): Promise<void> {
  if (configured === undefined) return;
  const node = await nodeOfConfig(configured.config);
  if (node === undefined) return;
  try {
    const order = { do: "look", to: orderTo(node), ip, by: "a takeover by hand" } as const;
    await askNode(node.sockets.control, order);
  } catch (error) {
    if (!(error instanceof NoNode || error instanceof ControlRefusal)) throw error;
  }
}
