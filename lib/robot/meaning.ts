import type { Meaning } from "../move/meaning.ts";
import type { MoveError } from "../move/move_error.ts";
import { RobotError } from "./errors.ts";

/** The table of API.md, "Errors": the meaning of an error. One that is not there is `unknown`. */
export function meaningOf(error: MoveError): Meaning {
  if (error.kind === "unsent") return "unsent";
  // Nothing was sent, and a certificate does not become better by asking again.
  if (error.kind === "untrusted") return "refused";
  if (!(error instanceof RobotError)) return "unknown";
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
