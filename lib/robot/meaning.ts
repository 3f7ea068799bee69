import type { RobotError } from "./errors.ts";

/**
 * What an error means for a takeover (API.md, "Errors"):
 *
 * - `there`: the address is where it is wanted
 * - `locked`: another switch of it is running, perhaps one's own, whose reply was lost
 * - `refused`: no use in trying again
 * - `limited`: the quota is used up
 * - `broken`: the switch broke
 * - `maintenance`: the Robot is not available
 * - `unsent`: there was no connection; nothing has happened
 * - `unknown`: the switch may have happened, or may still be running
 */
export type Meaning =
  | "there"
  | "locked"
  | "refused"
  | "limited"
  | "broken"
  | "maintenance"
  | "unsent"
  | "unknown";

/** The table of API.md, "Errors". What it does not name is `unknown`. */
export function meaningOf(error: RobotError): Meaning {
  if (error.kind === "unsent") return "unsent";
  // Nothing was sent, and a certificate does not become better by asking again.
  if (error.kind === "untrusted") return "refused";
  // The URL is another address's: asking again would move that one again.
  if (error.code === "OTHER_ADDRESS") return "refused";
  if (error.status === 401) return "refused";
  if (error.status === 503) return "maintenance";
  switch (`${error.status} ${error.code}`) {
    case "409 FAILOVER_ALREADY_ROUTED":
      return "there";
    case "409 FAILOVER_LOCKED":
      return "locked";
    case "400 INVALID_INPUT":
    case "404 NOT_FOUND":
    case "404 FAILOVER_NEW_SERVER_NOT_FOUND":
      return "refused";
    case "403 RATE_LIMIT_EXCEEDED":
      return "limited";
    case "500 FAILOVER_FAILED":
    case "500 FAILOVER_NOT_COMPLETE":
    case "500 INTERNAL_ERROR":
      return "broken";
    default:
      return "unknown";
  }
}
