import { assertEquals, assertThrows } from "@std/assert";
import { durationSeconds } from "../../lib/cli/_duration.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";

Deno.test("a duration is in seconds, or has its unit", () => {
  const read = (text: string) => durationSeconds("--for", text, 7 * 86_400);
  assertEquals(["90", "90s", "1.5m", "1h", "7d"].map(read), [90, 90, 90, 3600, 604_800]);
  for (const text of ["0", "-1", "1w", "h", "1h30m", "8d", "", " 1"]) {
    assertThrows(() => read(text), UsageError, "--for takes a duration such as 90s, 10m or 1h");
  }
});
