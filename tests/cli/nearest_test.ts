import { assertEquals } from "@std/assert";
import { didYouMean, nearest } from "../../lib/cli/nearest.ts";

const words = ["node", "status", "takeover", "release", "demo"];

Deno.test("what was probably meant: the beginning of a word, or one with a few letters else", () => {
  for (
    const [written, meant] of [["stat", "status"], ["nod", "node"], ["TAKEOVR", "takeover"], [
      "ST",
      "status",
    ]]
  ) {
    assertEquals(nearest(written, words), meant);
  }
});

Deno.test("where nothing is near, nothing is proposed", () => {
  for (const written of ["", "xyzzy", "ls", "configuration"]) {
    assertEquals(nearest(written, words), undefined);
  }
  assertEquals(nearest("node", []), undefined);
  assertEquals(didYouMean("xyzzy", words), "");
  assertEquals(didYouMean("stauts", words, "--"), "; did you mean --status?");
});
