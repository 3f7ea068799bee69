import { assertEquals, assertThrows } from "@std/assert";
import { errorMessage } from "../../lib/base/error_message.ts";

Deno.test("errorMessage: the message of an error, and of anything else its text", () => {
  assertEquals([new Error("so"), "thus", undefined].map(errorMessage), ["so", "thus", "undefined"]);
});

Deno.test("errorMessage: a path that the permissions of the executable deny is told as one", () => {
  const error = assertThrows(() => Deno.mkdirSync("/proc/x"), Deno.errors.NotCapable);
  assertEquals(errorMessage(error), '"/proc/x" is in /proc, /sys or /dev, which are not used here');
});
