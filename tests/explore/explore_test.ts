import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { loadCode } from "./code.ts";
import { nameOf, readDeviation } from "./deviation.ts";
import { explore, firstDeviations, secondDeviations } from "./explore.ts";
import { MutantCode, mutatedText } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { readSchedule, type Schedule, scheduleName } from "./schedule.ts";
import { settingOf, settings } from "./setting.ts";
import { World } from "./world.ts";

const code = await loadCode();

const transcriptOf = (name: string) => {
  const lines: string[] = [];
  const record = (...line: readonly unknown[]) => lines.push(line.join(" "));
  new World(readSchedule(name), code, { record }).run();
  return lines;
};

Deno.test("A schedule is the same every time", () => {
  const name = "alike 12:cut a>b 4, 31:kill b";
  const first = transcriptOf(name);
  assert(first.length > 50);
  assertEquals(transcriptOf(name), first);
});

Deno.test("A schedule is read as it is named", () => {
  for (const name of ["alike", "alike 3:lose a>b", "leave 3:part a-b 13, 7:list a abcde"]) {
    assertEquals(scheduleName(readSchedule(name)), name);
  }
  for (const name of ["", "unlike", "alike 3:dance a", "alike 3:kill z", "alike kill a"]) {
    assertThrows(() => readSchedule(name), Error, undefined, name);
  }
});

Deno.test("A calm course breaks no rule", () => {
  for (const { name } of settings) {
    assertEquals(new World(readSchedule(name), code).run(), undefined, name);
  }
});

Deno.test("Each deviation that is tried changes the course", () => {
  const setting = settingOf("alike");
  const { firsts } = firstDeviations(setting, code);
  const calm = transcriptOf("alike");
  for (const [index, first] of firsts.entries()) {
    if (index % 17 !== 0) continue;
    const name = scheduleName({ setting, deviations: [first] });
    const changed = transcriptOf(name).filter((line) => !line.includes(" -- "));
    assertNotEquals(changed, calm.filter((line) => !line.includes(" -- ")), name);
  }
});

Deno.test("A slice of the exploration breaks no rule", () => {
  for (const [name, first] of [["alike", "44:cut a>b 13"], ["leave", "26:pause b 14"]]) {
    const { schedules, findings } = explore(settingOf(name), code, readDeviation(first));
    assert(schedules > 50);
    assertEquals(findings, []);
  }
});

for (const mutant of mutants) {
  const { name, rule, found } = mutant;
  Deno.test(`The mutant ${name} of rule ${rule} is found`, async () => {
    await using copy = await MutantCode.make(mutant);
    const schedule = readSchedule(found);
    assert(isTried(schedule), `the exploration does not try ${found}`);
    assertEquals(new World(schedule, code).run(), undefined);
    assertNotEquals(new World(schedule, await loadCode(copy.url)).run(), undefined);
  });
}

Deno.test("A mutant whose text is not there once is an error", async () => {
  const [mutant] = mutants;
  await assertRejects(() => mutatedText({ ...mutant, text: "no such text" }), Error, "0 times");
  await assertRejects(() => mutatedText({ ...mutant, text: "nowMs" }), Error, "not once");
});

Deno.test("The explorer plays a schedule, and wants no options that it does not know", async () => {
  const played = await main("--schedule", "alike 12:kill a");
  assertEquals(played.code, 0);
  assert(played.stdout.includes(" is killed\n"));
  assert(played.stdout.endsWith("no rule was broken\n"));
  for (const args of [["--sceduel", "alike"], ["--schedule", "unlike"], ["--every", "some"]]) {
    assertEquals((await main(...args)).code, 2, args.join(" "));
  }
});

/** Whether the exploration gets to a schedule. */
function isTried({ setting, deviations }: Schedule): boolean {
  const [first, second] = deviations.map(nameOf);
  if (first === undefined) return true;
  const { firsts } = firstDeviations(setting, code);
  if (!firsts.map(nameOf).includes(first)) return false;
  if (second === undefined) return true;
  return secondDeviations(setting, code, deviations[0]).seconds.map(nameOf).includes(second);
}

async function main(...args: string[]) {
  const script = fileURLToPath(new URL("../simulation/main.ts", import.meta.url));
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P", script, "--explore", ...args],
  });
  const { code, stdout } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}
