import { assertEquals } from "@std/assert";
import type { MoveErrorKind } from "../../lib/move/move_error.ts";
import { RobotError } from "../../lib/robot/errors.ts";
import { meaningOf } from "../../lib/robot/meaning.ts";

const told = (kind: MoveErrorKind, status: number | undefined, code: string) =>
  new RobotError({ kind, status, code, message: "" });

Deno.test("what each error means: the table of API.md", () => {
  for (
    const [kind, status, code, meaning] of [
      ["refused", 409, "FAILOVER_ALREADY_ROUTED", "there"],
      ["refused", 409, "FAILOVER_LOCKED", "locked"],
      ["refused", 400, "INVALID_INPUT", "refused"],
      ["refused", 401, "UNAUTHORIZED", "refused"],
      ["refused", 403, "RATE_LIMIT_EXCEEDED", "limited"],
      ["refused", 404, "NOT_FOUND", "refused"],
      ["refused", 404, "FAILOVER_NEW_SERVER_NOT_FOUND", "refused"],
      ["refused", 500, "FAILOVER_FAILED", "broken"],
      ["refused", 500, "FAILOVER_NOT_COMPLETE", "broken"],
      ["refused", 500, "INTERNAL_ERROR", "broken"],
      ["refused", 503, "MAINTENANCE", "maintenance"],
      ["unreadable", 503, "MAINTENANCE", "maintenance"],
      ["lost", undefined, "ECONNRESET", "unknown"],
      ["lost", undefined, "TIMEOUT", "unknown"],
      ["refused", 502, "BAD_GATEWAY", "unknown"],
      ["unreadable", 200, "UNREADABLE_REPLY", "unknown"],
      // A code counts only with its own status.
      ["refused", 500, "FAILOVER_ALREADY_ROUTED", "unknown"],
      ["refused", 409, "NOT_FOUND", "unknown"],
      ["unsent", undefined, "ECONNREFUSED", "unsent"],
      ["untrusted", undefined, "CERT_HAS_EXPIRED", "refused"],
      ["unreadable", 200, "OTHER_ADDRESS", "refused"],
    ] as const
  ) {
    assertEquals(meaningOf(told(kind, status, code)), meaning, `${kind} ${status} ${code}`);
  }
});
