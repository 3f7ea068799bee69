import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { retryAfterMs } from "../../lib/base/retry_after.ts";

const nowMs = Date.parse("Sat, 28 Nov 2026 21:00:00 GMT");
const cases: [value: string | undefined, ms: number | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["0", 0],
  [" 120 ", 120_000],
  ["Sat, 28 Nov 2026 21:00:30 GMT", 30_000],
  ["Sat, 28 Nov 2026 20:00:00 GMT", 0],
  ["99999999", 86_400_000],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["Sat, 99 Nov 2026 21:00:30 GMT", undefined],
];
for (const [value, ms] of cases) {
  Deno.test(`retryAfterMs: ${value}`, () => assertEquals(retryAfterMs(value, nowMs), ms));
}

Deno.test("retryAfterMs: nothing gives a wait that is negative, or longer than a day", () => {
  fc.assert(fc.property(fc.string(), (value) => {
    const ms = retryAfterMs(value, nowMs);
    return ms === undefined || ms >= 0 && ms <= 86_400_000;
  }));
});
