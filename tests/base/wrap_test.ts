import { assertEquals } from "@std/assert";
import { hanging, wrapped } from "../../lib/base/wrap.ts";

Deno.test("wrapped: lines are broken between words; a word that is longer stays whole", () => {
  assertEquals(wrapped("a bc def g", 4), ["a bc", "def", "g"]);
  assertEquals(wrapped("a https://example.com b", 4), ["a", "https://example.com", "b"]);
  assertEquals(wrapped("a bc def", Infinity), ["a bc def"]);
});

Deno.test("hanging: the first line has the whole width, the others less by their indent", () => {
  assertEquals(hanging("  ab cd ef gh", 7, 4), "  ab cd\n    ef\n    gh");
});
