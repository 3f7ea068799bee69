import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { type FamilyName, familyNames } from "./families.ts";
import { simulate } from "./simulate.ts";

const transcriptOf = (seed: number, family?: FamilyName) => {
  const lines: string[] = [];
  simulate({ seed, rule: "lease", family }, (line) => lines.push(line));
  return lines;
};

for (const family of familyNames) {
  Deno.test(`A bad day breaks no rule: ${family}`, () => {
    for (let seed = 1; seed <= 8; seed++) {
      const { violations } = simulate({ seed, rule: "lease", family });
      assertEquals(violations, [], `deno task simulate --seed ${seed} --family ${family}`);
    }
  });
}

Deno.test("A seed is the same day every time", () => {
  const first = transcriptOf(7);
  assert(first.length > 20);
  assertEquals(transcriptOf(7), first);
  assertEquals(transcriptOf(83, "reloads"), transcriptOf(83, "reloads"));
});

Deno.test("By uWSGI's rule there are two lords on some days, and the referee sees them", () => {
  const seeds = Array.from({ length: 40 }, (_, i) => simulate({ seed: i + 1, rule: "uwsgi" }));
  const two = seeds.filter(({ figures }) => figures.twoLordsMs > 0);
  assert(two.length > 0);
  for (const { violations } of two) assertStringIncludes(violations.join(), "lord at one instant");
});

Deno.test("A seed that broke a rule is told with the command that shows it again", async () => {
  const [seed] = Array.from({ length: 40 }, (_, i) => simulate({ seed: i + 1, rule: "uwsgi" }))
    .filter(({ violations }) => violations.length > 0).map(({ seed }) => seed);
  const run = await main("--seeds", "2", "--from", `${seed}`, "--rule", "uwsgi");
  assertEquals(run.code, 1);
  assertStringIncludes(run.stdout, `\n  deno task simulate --seed ${seed} --rule uwsgi\n`);
  const again = await main("--seed", `${seed}`, "--rule", "uwsgi");
  assertEquals(again.code, 1);
  assertStringIncludes(again.stdout, "BROKEN: ");
});

Deno.test("The simulation wants no options that it does not know", async () => {
  for (
    const args of [["--seeds", "many"], ["--rule", "luck"], ["--sead", "1"], ["--family", "x"]]
  ) {
    assertEquals((await main(...args)).code, 2, args.join(" "));
  }
});

async function main(...args: string[]) {
  const script = fileURLToPath(new URL("./main.ts", import.meta.url));
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P", script, ...args],
  });
  const { code, stdout } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}
