import { parseArgs } from "@std/cli/parse-args";
import { loadCode } from "./code.ts";
import type { Finding } from "./explore.ts";
import { exploreAll } from "./explore_all.ts";
import { type Mutant, MutantCode } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { readSchedule, type Schedule } from "./schedule.ts";
import { type Setting, settingOf, settings } from "./setting.ts";
import { Summary } from "./summary.ts";
import { Workers } from "./workers.ts";
import { World } from "./world.ts";

const usage = `deno task simulate --explore [--setting NAME] [--every N]
deno task simulate --explore --schedule NAME
deno task simulate --explore --mutants [--only NAME]

Tries every deviation from a calm course of a few nodes, and every two, with the real code of the
legion and a simulated network and clock: nothing is drawn.

  --setting NAME   only these nodes: ${settings.map(({ name }) => name).join(", ")}
  --every N        only every so many of the first deviations (1)
  --schedule NAME  plays one again, with its transcript, as: "alike 12:cut a>b 4, 31:kill b"
  --mutants        with which schedule each of the named mutants of the code is found; where the
                   known one does not show it any more, another is looked for
  --only NAME      only this mutant; with --schedule: plays the schedule with this mutant

Exit status: 0 no rule was broken, and each mutant found; 1 else; 2 wrong usage.
`;

/** Explores, as the arguments want it; the result is the exit status. */
export async function main(given: readonly string[]): Promise<number> {
  const unknown: string[] = [];
  const args = parseArgs([...given], {
    string: ["setting", "every", "schedule", "only"],
    boolean: ["mutants", "help"],
    unknown: (arg) => {
      unknown.push(arg);
      return false;
    },
  });
  if (args.help) {
    console.log(usage);
    return 0;
  }
  try {
    const { setting, every = "1", schedule, only } = texts(args);
    if (unknown.length > 0) throw new Error(`what is ${unknown[0]}?`);
    if (!/^[1-9]\d{0,8}$/.test(every)) throw new Error(`--every takes a number, not ${every}`);
    const chosen = setting === undefined ? settings : [settingOf(setting)];
    const some = only === undefined ? mutants : mutants.filter(({ name }) => name === only);
    if (some.length === 0) throw new Error(`there is no mutant ${only}`);
    const [mutant] = only === undefined ? [] : some;
    if (schedule !== undefined) return await play(readSchedule(schedule), mutant);
    if (args.mutants) return await findMutants(some, chosen);
    return await exploreEach(chosen, Number(every));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
}

/** The arguments that take a value. */
function texts(args: { readonly [name: string]: unknown }) {
  const text = (name: string) => {
    const value = args[name];
    if (value === undefined || typeof value === "string") return value;
    throw new Error(`--${name} takes one value`);
  };
  return {
    setting: text("setting"),
    every: text("every"),
    schedule: text("schedule"),
    only: text("only"),
  };
}

/** Plays a schedule with its transcript. */
async function play(schedule: Schedule, mutant?: Mutant): Promise<number> {
  await using copy = mutant && await MutantCode.make(mutant);
  const code = await loadCode(copy?.url);
  const record = (atMs: number, node: string, what: string) =>
    console.log(`${(atMs / 1000).toFixed(3).padStart(7)} ${node.padEnd(1)} ${what}`);
  const broken = new World(schedule, code, { record }).run();
  console.log(broken === undefined ? "no rule was broken" : `BROKEN: ${broken}`);
  return broken === undefined ? 0 : 1;
}

/** Explores settings, one after the other. */
async function exploreEach(chosen: readonly Setting[], every: number): Promise<number> {
  using workers = new Workers();
  const summary = new Summary();
  for (const setting of chosen) {
    const figures = await exploreAll(setting, workers, {
      every,
      found: (finding) => summary.found(finding),
      progress: (share) => summary.progress(setting, share),
    });
    summary.add(setting, figures);
  }
  console.log(summary.text());
  return summary.broken > 0 ? 1 : 0;
}

/** Tells with which schedule each mutant is found: the known one, or else another. */
async function findMutants(some: readonly Mutant[], chosen: readonly Setting[]): Promise<number> {
  using workers = new Workers();
  let missed = 0;
  for (const mutant of some) {
    await using copy = await MutantCode.make(mutant);
    const { name, rule, found: schedule } = mutant;
    const broken = new World(readSchedule(schedule), await loadCode(copy.url)).run();
    const known = broken === undefined ? undefined : { schedule, broken };
    const finding = known ?? await findFirst(copy.url, workers, chosen);
    if (finding === undefined) missed++;
    const how = finding === undefined ? "NOT FOUND" : `${finding.schedule}\n  ${finding.broken}`;
    console.log(`${name} (rule ${rule}): ${how}`);
  }
  return missed > 0 ? 1 : 0;
}

/** Finds a schedule that breaks a rule: a short one, if there is any. */
async function findFirst(url: string, workers: Workers, chosen: readonly Setting[]) {
  let first: Finding | undefined;
  const found = (finding: Finding) => first ??= finding;
  for (const alone of [true, false]) {
    for (const setting of chosen) {
      await exploreAll(setting, workers, { url, alone, firstOnly: true, found });
      if (first !== undefined) return first;
    }
  }
}
