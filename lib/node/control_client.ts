import { exchange } from "../status/exchange.ts";
import type { Stats } from "../status/report.ts";
import type { ControlReply, ControlRequest } from "./control_message.ts";

const patienceMs = 5_000;

/** A node has refused what it was asked for: the message says why. */
export class ControlRefusal extends Error {
  override readonly name = "ControlRefusal";
}

/** There is no node to ask, or it does not answer. */
export class NoNode extends Error {
  override readonly name = "NoNode";
}

/**
 * Asks the node that takes orders at a UNIX socket for something; the result is how it is after that.
 *
 * @throws ControlRefusal when it does not do it
 * @throws NoNode when none answers within 5 s
 */
export async function askNode(path: string, request: ControlRequest): Promise<Stats> {
  const reply = parse(path, await ask(path, `${JSON.stringify(request)}\n`));
  if (!reply.ok) throw new ControlRefusal(reply.error);
  return reply.stats;
}

async function ask(path: string, request: string): Promise<string> {
  try {
    return await exchange({ path }, request, patienceMs);
  } catch (error) {
    throw new NoNode(whyNot(path, error));
  }
}

function whyNot(path: string, error: unknown): string {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused) {
    return `no node of this configuration runs here (nobody listens at ${path})`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `permission denied at ${path}: ask as root, or as the node's own user`;
  }
  return `the node cannot be asked at ${path}: ${error instanceof Error ? error.message : error}`;
}

function parse(path: string, text: string): ControlReply {
  try {
    const reply = JSON.parse(text);
    if (reply?.ok === true && Array.isArray(reply.stats?.legions)) return reply;
    if (reply?.ok === false && typeof reply.error === "string") return reply;
  } catch {
    // That is no JSON, which is told below.
  }
  throw new NoNode(`what answers at ${path} is no node`);
}
