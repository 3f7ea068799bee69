import { isAddress } from "../base/ip_address.ts";
import type { Stats } from "../status/report.ts";

/** A request over a node's control socket: one line of JSON. */
export interface ControlRequest {
  /** The order. */
  readonly do: "status" | "drain" | "resume" | "promote" | "restart" | "look";
  /** The legion meant; undefined: all of the node's. */
  readonly legion?: string;
  /** The name of the person who asks, for log and status. */
  readonly by: string;
  /** The time after which a drain ends by itself, in seconds; undefined: never. */
  readonly forSeconds?: number;
  /** The address to look at, with `look`. */
  readonly ip?: string;
  /** Whether a restart is wanted whatever speaks against it. */
  readonly force?: boolean;
}

/** The reply to a request: one line of JSON. */
export type ControlReply =
  /** The order is carried out; `stats` is the status after it. */
  | { readonly ok: true; readonly stats: Stats }
  /** The order is refused and nothing was done; `error` says why. */
  | { readonly ok: false; readonly error: string };

/** The longest drain, in seconds: a week. */
export const longestDrainSeconds = 7 * 86_400;

const orders = ["status", "drain", "resume", "promote", "restart", "look"] as const;
const longestName = 64;

/**
 * Reads a request from text that may be anything.
 *
 * @throws SyntaxError with what is wrong
 */
export function parseRequest(line: string): ControlRequest {
  const { do: asked, legion, by, forSeconds, force, ip } = fieldsOf(line);
  const order = orders.find((order) => order === asked);
  if (order === undefined) throw new SyntaxError(`do: right would be one of ${orders.join(", ")}`);
  if (legion !== undefined && typeof legion !== "string") {
    throw new SyntaxError("legion: right would be its name");
  }
  if (typeof by !== "string") throw new SyntaxError("by: right would be a name");
  if (force !== undefined && typeof force !== "boolean") {
    throw new SyntaxError("force: right would be true or false");
  }
  const request = { do: order, legion, by: named(by), force, ip: lookedAt(order, ip) };
  if (forSeconds === undefined) return request;
  if (typeof forSeconds !== "number" || !(forSeconds > 0 && forSeconds <= longestDrainSeconds)) {
    throw new SyntaxError(`forSeconds: right would be a number up to ${longestDrainSeconds}`);
  }
  return { ...request, forSeconds };
}

function fieldsOf(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new SyntaxError("that is no JSON");
  }
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new SyntaxError("that is no request");
}

function lookedAt(order: ControlRequest["do"], ip: unknown): string | undefined {
  if (order !== "look") return undefined;
  if (typeof ip === "string" && isAddress(ip)) return ip;
  throw new SyntaxError("ip: right would be the address to look at");
}

/** Cuts a name to 64 characters: it is kept and shown for as long as a drain lasts. */
function named(by: string): string {
  return by.trim().slice(0, longestName) || "somebody";
}
