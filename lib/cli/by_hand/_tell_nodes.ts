import type { Provider } from "../../move/provider.ts";
import { askNode, ControlRefusal, NoNode } from "../../node/control_client.ts";
import type { ControlRequest } from "../../node/control_message.ts";
import { orderTo } from "../choose_node.ts";
import { type AnsweringNode, nodesHere } from "../nodes_here.ts";

/**
 * Lets the nodes here whose lord hooks move an address look at it, once it was moved by hand, so that
 * their status is right at once: with one request to the provider, since a node believes nobody but
 * that, where it can be asked. Where none runs here, or this user has no right to give it orders,
 * nothing happens: the move is done all the same.
 *
 * @param pointsTo the server that the address was moved to; undefined: not known
 */
export async function tellNodes({ ip, same }: Provider, pointsTo?: string): Promise<void> {
  const { answering } = await nodesHere();
  // An older node does not tell its addresses so.
  const meant = answering.filter(({ stats }) =>
    stats.legions.some(({ takeovers = [] }) => takeovers.some((own) => same(own.ip, ip)))
  );
  await Promise.all(meant.map((node) => letLook(node, { ip, pointsTo })));
}

async function letLook(
  node: AnsweringNode,
  moved: Pick<ControlRequest, "ip" | "pointsTo">,
): Promise<void> {
  try {
    const order = { do: "look", to: orderTo(node), ...moved, by: "a takeover by hand" } as const;
    await askNode(node.sockets.control, order);
  } catch (error) {
    if (!(error instanceof NoNode || error instanceof ControlRefusal)) throw error;
  }
}
