import type { Stats } from "../status/report.ts";

/** The node that an order is for, by its first legion: one of another legion or address refuses. */
export interface Addressee {
  /** The legion's name. */
  readonly legion: string;
  /** The address that the node listens on in this legion, `host:port` in its normal form. */
  readonly address: string;
}

/**
 * The orders. `retry`: where a login, a look or a takeover has failed last, the node reads its
 * configuration anew, and looks once more.
 */
const orders = ["status", "drain", "resume", "promote", "restart", "retry", "look"] as const;

/** A request over a node's control socket: one line of JSON. */
export interface ControlRequest {
  /** The order. */
  readonly do: typeof orders[number];
  /** The node meant. */
  readonly to: Addressee;
  /** The legion meant; undefined: all of the node's. */
  readonly legion?: string;
  /** The name of the person who asks, for log and status. */
  readonly by: string;
  /** The time after which a drain ends by itself, in seconds; undefined: never. */
  readonly forSeconds?: number;
  /** The address to look at, with `look`. */
  readonly ip?: string;
  /** The server that the address was moved to, with `look`; undefined: not known. */
  readonly pointsTo?: string;
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

const longestName = 64;
const longestIp = 128;

/**
 * Reads a request from text that may be anything.
 *
 * @throws SyntaxError with what is wrong
 */
export function parseRequest(line: string): ControlRequest {
  const { do: asked, to, legion, by, forSeconds, force, ip, pointsTo } = fieldsOf(line);
  const order = orders.find((order) => order === asked);
  if (order === undefined) throw new SyntaxError(`do: right would be one of ${orders.join(", ")}`);
  if (legion !== undefined && typeof legion !== "string") {
    throw new SyntaxError("legion: right would be its name");
  }
  if (typeof by !== "string") throw new SyntaxError("by: right would be a name");
  if (force !== undefined && typeof force !== "boolean") {
    throw new SyntaxError("force: right would be true or false");
  }
  const isLong = typeof forSeconds === "number" && forSeconds > 0 &&
    forSeconds <= longestDrainSeconds;
  if (forSeconds !== undefined && !isLong) {
    throw new SyntaxError(`forSeconds: right would be a number up to ${longestDrainSeconds}`);
  }
  const looked = { ip: lookedAt(order, ip), pointsTo: movedTo(pointsTo) };
  const request = { do: order, to: addressee(to), legion, by: named(by), force, ...looked };
  return isLong ? { ...request, forSeconds } : request;
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
  // A provider may have another name for it, of which the node knows its own alone.
  if (typeof ip === "string" && ip !== "" && ip.length <= longestIp) return ip;
  throw new SyntaxError("ip: right would be the address to look at");
}

function movedTo(server: unknown): string | undefined {
  if (server === undefined) return undefined;
  if (typeof server === "string" && /^[!-~]{1,128}$/.test(server)) return server;
  throw new SyntaxError("pointsTo: right would be the server that the address was moved to");
}

function addressee(to: unknown): Addressee {
  const { legion, address } = (to ?? {}) as Partial<Record<keyof Addressee, unknown>>;
  if (typeof legion === "string" && typeof address === "string") return { legion, address };
  throw new SyntaxError("to: right would be the legion and address of the node meant");
}

/** Cuts a name to 64 characters: it is kept and shown for as long as a drain lasts. */
function named(by: string): string {
  return by.trim().slice(0, longestName) || "somebody";
}
