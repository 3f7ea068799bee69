import type { Meaning } from "../move/meaning.ts";
import { isLoginFailure, type MoveError } from "../move/move_error.ts";
import { RobotError } from "./errors.ts";

/** The meaning of an error, by the table of API.md, "Errors"; `unknown` where it has no row. */
export function meaningOf(error: MoveError): Meaning {
  if (error.kind === "unsent") return "unsent";
  // Nothing was sent, and another try would meet the same certificate.
  if (error.kind === "untrusted") return "refused";
  // A proxy's refusal, too: a login that fails again and again may be blocked.
  if (isLoginFailure(error.code)) return "refused";
  if (!(error instanceof RobotError)) return "unknown";
  // The URL belongs to another address, which another request would move again.
  if (error.code === "OTHER_ADDRESS") return "refused";
  if (error.status === 401) return "refused";
  if (error.code === "TOO_MANY_REQUESTS") return "limited";
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
    case "429 RATE_LIMIT_EXCEEDED":
      return "limited";
    case "500 FAILOVER_FAILED":
    case "500 FAILOVER_NOT_COMPLETE":
    case "500 INTERNAL_ERROR":
      return "broken";
    default:
      return "unknown";
  }
}
