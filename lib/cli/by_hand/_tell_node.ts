import { controlOf } from "../../config/control.ts";
import { askNode, ControlRefusal, NoNode } from "../../node/control_client.ts";
import type { Target } from "./_target.ts";

/**
 * Lets the node here look at an address that was moved by hand, so that its status is right at once:
 * with one request to the provider, since the node believes nobody but that. Where no node runs
 * here, or this user has no right to give it orders, nothing happens: the move is done all the same.
 */
export async function tellNode({ provider: { ip }, configured }: Target): Promise<void> {
  if (configured === undefined) return;
  const surroundings = { env: (name: string) => Deno.env.get(name), uid: Deno.uid() };
  const path = controlOf(configured.config, surroundings);
  if (path === undefined) return;
  try {
    await askNode(path, { do: "look", ip, by: "a takeover by hand" });
  } catch (error) {
    if (!(error instanceof NoNode || error instanceof ControlRefusal)) throw error;
  }
}
