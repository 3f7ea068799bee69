import { assertEquals, assertThrows } from "@std/assert";
import { parseOptions } from "../../lib/cli/options.ts";
import { UsageError } from "../../lib/cli/usage_error.ts";

const help = `failover node [OPTIONS]

  --config FILE            the configuration
  --check-config           only look at it
  --log-level debug|info   what is logged
`;

Deno.test("options are taken with a space or an equals sign, in any order", () => {
  for (const args of [["--config", "a.ini", "run"], ["run", "--config=a.ini"]]) {
    const options = parseOptions(args, help);
    assertEquals([options.value("config"), options.rest], ["a.ini", ["run"]]);
  }
  assertEquals(parseOptions(["--config", "-", "run"], help).value("config"), "-");
  // The reader of the value says that none below 0 is right.
  assertEquals(parseOptions(["--config", "-1.5"], help).value("config"), "-1.5");
  const options = parseOptions(["--check-config"], help);
  assertEquals([options.flag("check-config"), options.value("config")], [true, undefined]);
});

const wrong: [args: string[], message: string][] = [
  [["--confg", "x"], "there is no option --confg; did you mean --config?"],
  [["--check-confg"], "there is no option --check-confg; did you mean --check-config?"],
  [["-1"], "there is no option -1"],
  [["--check-config", "-1"], "there is no option -1"],
  [["-c"], "there is no option -c; did you mean --config?"],
  [["--xyzzy=PASSWORD"], "there is no option --xyzzy"],
  [["--config"], "--config needs a value"],
  [["--config="], "--config needs a value"],
  [["--config", "--check-config"], "--config needs a value"],
  [["--check-config=false"], "--check-config takes no value"],
  [["--config", "a", "--config", "b"], "--config may be given once"],
];
for (const [args, message] of wrong) {
  Deno.test(`refused: ${args.join(" ")}`, () => {
    assertThrows(() => parseOptions(args, help), UsageError, message);
  });
}

Deno.test("asking for an option that the help does not have is a mistake of the program", () => {
  const options = parseOptions([], help);
  assertThrows(() => options.value("check-config"), Error, "the help has no option");
  assertThrows(() => options.flag("chek-config"), Error, "the help has no option");
});
