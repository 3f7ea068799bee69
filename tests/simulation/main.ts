import { parseArgs } from "@std/cli/parse-args";
import { main as explore } from "../explore/main.ts";
import { type FamilyName, familyNames } from "./families.ts";
import { runSeeds, type Seeds } from "./run_seeds.ts";
import { simulate } from "./simulate.ts";
import { Summary } from "./summary.ts";

const usage = `deno task simulate [--seeds N] [--from N] [--family NAME] [--rule lease|uwsgi]
deno task simulate --seed N [--family NAME] [--rule lease|uwsgi]
deno task simulate --explore [--help]

Lives through bad days, each of them drawn from its seed, with the real code of the legion and a
simulated network, clock and Robot.

  --seeds N      how many (1000)
  --from N       the first of them (1)
  --seed N       one of them, with its transcript
  --family NAME  the family of the days, instead of one after the other, by the seed:
                 ${familyNames.join(", ")}
  --rule RULE    by which rule all nodes go: lease (the default, as they would) or uwsgi

Exit status: 0 no rule was broken; 1 one was; 2 wrong usage.
`;

function parse(): Seeds & { seed?: number } {
  const args = parseArgs(Deno.args, {
    string: ["seeds", "from", "seed", "rule", "family"],
    boolean: ["help"],
    unknown: (arg) => wrong(`what is ${arg}?`),
  });
  if (args.help) {
    console.log(usage);
    Deno.exit(0);
  }
  const { rule = "lease", seeds = "1000", from = "1", seed, family } = args;
  if (rule !== "lease" && rule !== "uwsgi") {
    return wrong(`--rule takes lease or uwsgi, not ${rule}`);
  }
  return {
    rule,
    family: family === undefined ? undefined : familyOf(`${family}`),
    count: whole("seeds", seeds),
    from: whole("from", from),
    seed: seed === undefined ? undefined : whole("seed", seed),
  };
}

function familyOf(name: string): FamilyName {
  const family = familyNames.find((known) => known === name);
  return family ?? wrong(`--family takes ${familyNames.join(", ")}, not ${name}`);
}

function whole(name: string, value: unknown): number {
  if (!/^\d{1,9}$/.test(String(value))) wrong(`--${name} takes a whole number, not ${value}`);
  return Number(value);
}

function wrong(what: string): never {
  console.error(`${what}\n\n${usage}`);
  Deno.exit(2);
}

if (Deno.args[0] === "--explore") Deno.exit(await explore(Deno.args.slice(1)));
const { seed, ...seeds } = parse();
if (seed !== undefined) {
  const { violations } = simulate({ seed, ...seeds }, console.log);
  Deno.exit(violations.length > 0 ? 1 : 0);
}
const summary = new Summary(seeds);
await runSeeds(seeds, (outcome) => {
  const failure = summary.add(outcome);
  if (failure !== undefined) console.log(failure);
});
console.log(summary.text());
Deno.exit(summary.broken > 0 ? 1 : 0);
