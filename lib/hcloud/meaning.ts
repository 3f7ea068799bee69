import type { Meaning } from "../move/meaning.ts";
import { isLoginFailure, type MoveError } from "../move/move_error.ts";
import { CloudError } from "./errors.ts";

/** The meaning of an error, by the table of API.md, "Errors"; `unknown` where it has no row. */
export function meaningOf(error: MoveError): Meaning {
  if (error.kind === "unsent") return "unsent";
  if (error.kind === "untrusted" || isLoginFailure(error.code)) return "refused";
  const meaning = error instanceof CloudError ? ofReply(error) : "unknown";
  // Where a question before the switch was not answered, no switch was asked for.
  const isBefore = error instanceof CloudError && error.stage === "before";
  return isBefore && meaning !== "refused" ? "busy" : meaning;
}

function ofReply({ kind, code, stage, status }: CloudError): Meaning {
  if (stage === "action") return "broken";
  if (kind === "unreadable" && code !== "OTHER_RESOURCE") return "unknown";
  switch (code) {
    case "NOT_ASSIGNED":
    case "SO_ALREADY":
      return "there";
    case "forbidden":
    case "token_readonly":
    case "not_found":
    case "invalid_input":
    case "json_error":
    case "protected":
    case "unsupported_error":
    case "deprecated_api_endpoint":
    case "resource_locked":
    case "server_not_stopped":
    case "NOT_IN_NETWORK":
    case "OTHER_RESOURCE":
    case "STILL_ASSIGNED":
      return "refused";
    case "locked":
    case "conflict":
      return "locked";
    case "rate_limit_exceeded":
    case "NO_SELF":
    case "OUTDATED_ID":
      return "busy";
    case "maintenance":
    case "unavailable":
      return "maintenance";
    // The address has to be taken off another server first.
    case "floating_ip_assigned":
    case "ip_not_available":
      return "broken";
    default:
      return status === 503 ? "maintenance" : "unknown";
  }
}
