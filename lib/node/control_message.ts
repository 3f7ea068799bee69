import type { Stats } from "../status/report.ts";

/** What a node is asked for over its control socket: one line of JSON. */
export interface ControlRequest {
  readonly do: "status" | "drain" | "resume" | "promote";
  /** For which legion; without it for all of the node's. */
  readonly legion?: string;
  /** Who wants it. */
  readonly by: string;
  /** After which a drain ends by itself; without it never. */
  readonly forSeconds?: number;
}

/** What it answers: one line of JSON. */
export type ControlReply =
  /** It is done, and this is how the node is now. */
  | { readonly ok: true; readonly stats: Stats }
  /** Nothing was done. */
  | { readonly ok: false; readonly error: string };

/** The longest drain, in seconds: a week. */
export const longestDrainSeconds = 7 * 86_400;

const orders = ["status", "drain", "resume", "promote"] as const;
const longestName = 64;

/**
 * Reads a request, whatever somebody has written.
 *
 * @throws SyntaxError with what is wrong
 */
export function parseRequest(line: string): ControlRequest {
  const { do: asked, legion, by, forSeconds } = fieldsOf(line);
  const order = orders.find((order) => order === asked);
  if (order === undefined) throw new SyntaxError(`do: right would be one of ${orders.join(", ")}`);
  if (legion !== undefined && typeof legion !== "string") {
    throw new SyntaxError("legion: right would be its name");
  }
  if (typeof by !== "string") throw new SyntaxError("by: right would be a name");
  if (forSeconds === undefined) return { do: order, legion, by: named(by) };
  if (typeof forSeconds !== "number" || !(forSeconds > 0 && forSeconds <= longestDrainSeconds)) {
    throw new SyntaxError(`forSeconds: right would be a number up to ${longestDrainSeconds}`);
  }
  return { do: order, legion, by: named(by), forSeconds };
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

/** No longer than a name is, since it is kept and told for as long as a drain lasts. */
function named(by: string): string {
  return by.trim().slice(0, longestName) || "somebody";
}
