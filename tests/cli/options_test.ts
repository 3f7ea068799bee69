import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "../../lib/cli/options.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";

const known = { string: ["config", "log-level"], boolean: ["check-config"] };

Deno.test("options are taken with a space or an equals sign, in any order", () => {
  for (const args of [["--config", "a.ini", "run"], ["run", "--config=a.ini"]]) {
    const options = parseOptions(args, known);
    assertEquals([options.value("config"), options.rest], ["a.ini", ["run"]]);
  }
  assertEquals(parseOptions(["--config", "-", "run"], known).value("config"), "-");
  const options = parseOptions(["--check-config"], known);
  assertEquals([options.flag("check-config"), options.value("config")], [true, undefined]);
});

const wrong: [args: string[], message: string][] = [
  [["--confg", "x"], "there is no option --confg; did you mean --config?"],
  [["--check-confg"], "there is no option --check-confg; did you mean --check-config?"],
  [["-c"], "there is no option -c; did you mean"],
  [["--config"], "--config needs a value"],
  [["--config="], "--config needs a value"],
  [["--config", "--check-config"], "--config needs a value"],
  [["--check-config=false"], "--check-config takes no value"],
  [["--config", "a", "--config", "b"], "--config may be given once"],
];
for (const [args, message] of wrong) {
  Deno.test(`refused: ${args.join(" ")}`, () => {
    assertThrows(() => parseOptions(args, known), UsageError, message);
  });
}
