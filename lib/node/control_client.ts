import { userName } from "../base/account_name.ts";
import { errorMessage } from "../base/error_message.ts";
import { exchange } from "../status/exchange.ts";
import type { Stats } from "../status/report.ts";
import type { ControlReply, ControlRequest } from "./control_message.ts";

const patienceMs = 5_000;
// Before a restart the node tries its next process; a retry waits for the provider.
const longPatienceMs = 25_000;

/** Thrown when a node refuses a request; the message says why. */
export class ControlRefusal extends Error {
  /** Always `ControlRefusal`. */
  override readonly name = "ControlRefusal";
}

/** Thrown when there is no node to ask, or it does not answer; the message says why. */
export class NoNode extends Error {
  /** Always `NoNode`. */
  override readonly name = "NoNode";

  /**
   * Makes the error.
   *
   * @param isForbidden whether a node may run, and this user has no right to ask it
   * @param isHanging whether a node runs, as it seems, and does not answer
   */
  constructor(message: string, readonly isForbidden = false, readonly isHanging = false) {
    super(message);
  }
}

/**
 * Sends a request to the node that takes orders at a UNIX socket; resolves to its status
 * afterwards.
 *
 * @throws ControlRefusal when the node refuses
 * @throws NoNode when none answers within 5 s, for a restart or retry 25 s
 */
export async function askNode(path: string, request: ControlRequest): Promise<Stats> {
  const isLong = request.do === "restart" || request.do === "retry";
  const waitMs = isLong ? longPatienceMs : patienceMs;
  const reply = parse(path, await ask(path, `${JSON.stringify(request)}\n`, waitMs));
  if (!reply.ok) throw new ControlRefusal(reply.error);
  return reply.stats;
}

async function ask(path: string, request: string, waitMs: number): Promise<string> {
  try {
    return await exchange({ path }, request, waitMs);
  } catch (error) {
    throw noNode(path, error);
  }
}

function noNode(path: string, error: unknown): NoNode {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused) {
    return new NoNode(`no node takes orders at ${path}`);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    const why = `no right to give orders at ${path}: ${ownerOf(path)} and root may; use sudo`;
    return new NoNode(why, true);
  }
  return new NoNode(`the node cannot be asked at ${path}: ${errorMessage(error)}`);
}

function ownerOf(path: string): string {
  try {
    const { uid } = Deno.statSync(path);
    if (uid) return `its owner ${userName(uid)}`;
  } catch {
    // Its folder may not be looked into either.
  }
  return "its owner";
}

function parse(path: string, text: string): ControlReply {
  try {
    const reply = JSON.parse(text);
    if (reply?.ok === true && Array.isArray(reply.stats?.legions)) return reply;
    if (reply?.ok === false && typeof reply.error === "string") return reply;
  } catch {
    // Text that is no JSON is reported below.
  }
  throw new NoNode(`what answers at ${path} is no node`);
}
