import { assertEquals } from "@std/assert";
import { RiseFall } from "../../lib/checks/rise_fall.ts";

/** The states after runs that succeed (`+`) or fail (`-`), by their first letters. */
function states(runs: string, limits = { rise: 2, fall: 3 }): string {
  const check = new RiseFall(limits);
  const letters = { pending: "?", passing: "P", failing: "F" };
  return [...runs].map((run) => {
    const before = check.state;
    const changed = check.take(run === "+");
    assertEquals(changed, check.state !== before);
    return letters[check.state];
  }).join("");
}

Deno.test("before its first run a check has not passed", () => {
  assertEquals(new RiseFall({ rise: 2, fall: 3 }).state, "pending");
});

Deno.test("the first success of all is enough, also after failures", () => {
  assertEquals(states("+"), "P");
  assertEquals(states("--+"), "??P");
  assertEquals(states("---+"), "??FP");
});

Deno.test("it takes `fall` failures in a row to fail", () => {
  assertEquals(states("+---"), "PPPF");
  assertEquals(states("+--+--+--+"), "PPPPPPPPPP");
  assertEquals(states("+-", { rise: 1, fall: 1 }), "PF");
});

Deno.test("it takes `rise` successes in a row to pass again", () => {
  assertEquals(states("+---++"), "PPPFFP");
  assertEquals(states("+---+-+-++"), "PPPFFFFFFP");
});

Deno.test("a state from before a restart counts as any other", () => {
  const after = (state: "passing" | "failing", runs: string) => {
    const check = new RiseFall({ rise: 2, fall: 3 }, state);
    return [check.state, ...[...runs].map((run) => (check.take(run === "+"), check.state))];
  };
  assertEquals(after("passing", "--"), ["passing", "passing", "passing"]);
  assertEquals(after("passing", "---").at(-1), "failing");
  assertEquals(after("failing", "+"), ["failing", "failing"]);
  assertEquals(after("failing", "++").at(-1), "passing");
});
