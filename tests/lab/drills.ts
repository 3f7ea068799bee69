// The frame of the programs that hold drills: what they are told, what they tell, and how they end.
//   PROGRAM [--json] [--only WORDS] …
import { parseArgs } from "@std/cli/parse-args";
import { errorMessage } from "../../lib/base/error_message.ts";
import { type KnownCommand, missing } from "./missing.ts";

/** The command line of a program, read. */
export interface DrillArguments {
  /** Whether the outcomes are told as JSON. */
  readonly json: boolean;
  /** The words in the names of the drills to hold; empty: all. */
  readonly only: string;
  /** The program's own flags that are given. */
  readonly flags: readonly string[];
  /** The values of the program's own options that are given. */
  readonly values: Readonly<Record<string, string>>;
}

/** The end of a drill. */
export interface DrillOutcome {
  /** The findings that are not as they have to be; empty: all is well. */
  readonly wrong: readonly string[];
  /** The nodes' logs, shown where something is wrong; undefined: they have been shown. */
  readonly logs?: readonly string[];
}

/** The drills of a program. */
export interface Drills<Scenario, Place, Outcome> {
  /** The commands without which there are none; root and namespaces are needed besides. */
  readonly needs: readonly KnownCommand[];
  /** All scenarios, in the order in which they begin. */
  readonly scenarios: readonly Scenario[];
  /** How many are held at a time, each at a place of its own: mostly they wait. */
  readonly atATime: number;
  /** Makes a place, at which one drill after the other is held. */
  readonly place: (signal: AbortSignal) => Promise<Place>;
  /** Holds one. @throws Error where it does not come to the fault: the place is made anew then */
  readonly drill: (scenario: Scenario, place: Place, signal: AbortSignal) => Promise<Outcome>;
  /** The outcomes as lines of text. */
  readonly table: (outcomes: readonly Outcome[]) => string;
  /** The figures' unit, which is told below the table. */
  readonly unit: string;
  /** The settings that all have in common. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** The options of a program besides those of all. */
export interface OwnOptions {
  /** The names of those without a value. */
  readonly flags?: readonly string[];
  /** The names of those with one. */
  readonly values?: readonly string[];
}

/** A program's surroundings. */
export interface Surroundings {
  /** The words of the command line. */
  readonly args: readonly string[];
  /** Takes the outcomes. */
  readonly answer: (text: string) => void;
  /** Takes everything else that is told. */
  readonly note: (text: string) => void;
}

const process: Surroundings = {
  args: Deno.args,
  answer: (text) => console.log(text),
  note: (text) => console.error(text),
};
const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Holds the drills whose name has the words of `--only` in it, and tells what has come of them.
 *
 * @param drillsFor makes the drills of what the command line says
 * @returns the exit status: 0 where all is right, or something that is needed is missing; 1 where
 * something is wrong, or a drill did not come to its fault; 2 on wrong usage
 */
export async function holdDrills<
  Scenario extends { readonly name: string },
  Place extends AsyncDisposable,
  Outcome extends DrillOutcome,
>(
  drillsFor: (given: DrillArguments) => Drills<Scenario, Place, Outcome>,
  own: OwnOptions = {},
  { args, answer, note }: Surroundings = process,
): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new Error("interrupted"));
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  try {
    const given = readArguments(args, own);
    const drills = drillsFor(given);
    const scheduled = drills.scenarios.filter(({ name }) => name.includes(given.only));
    if (scheduled.length === 0) throw new WrongUsage(`no drill's name has "${given.only}" in it`);
    const lacking = await missing(drills.needs);
    if (lacking.length > 0) {
      answer(`skipped: the drills need ${lacking.join(", ")}`);
      return 0;
    }
    const begun = performance.now();
    const held = await hold(drills, { scheduled, signal: interrupted.signal, note });
    const outcomes = scheduled.flatMap((scenario) => held.get(scenario) ?? []);
    const wallSeconds = (performance.now() - begun) / 1000;
    answer((given.json ? asJson : asTable)(drills, outcomes, wallSeconds));
    const failed = scheduled.filter((scenario) => !held.has(scenario));
    for (const { name } of failed) note(`faults: ${name}: it did not come to the fault`);
    return failed.length === 0 && outcomes.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
  } catch (error) {
    note(`faults: ${errorMessage(error)}`);
    return error instanceof WrongUsage ? 2 : 1;
  } finally {
    for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  }
}

class WrongUsage extends Error {}

function readArguments(
  args: readonly string[],
  { flags = [], values = [] }: OwnOptions,
): DrillArguments {
  const given = parseArgs(args, {
    boolean: ["json", ...flags],
    string: ["only", ...values],
    unknown(arg) {
      throw new WrongUsage(`what is ${arg}?`);
    },
  });
  const valued = values.flatMap((name) => given[name] === undefined ? [] : [[name, given[name]]]);
  return {
    json: given.json === true,
    only: `${given.only ?? ""}`,
    flags: flags.filter((name) => given[name] === true),
    values: Object.fromEntries(valued),
  };
}

type Telling<Outcome> = Pick<Drills<never, never, Outcome>, "settings" | "table" | "unit">;

function asJson<Outcome extends DrillOutcome>(
  { settings }: Telling<Outcome>,
  outcomes: readonly Outcome[],
  wallSeconds: number,
): string {
  const told = outcomes.map(({ logs: _, ...outcome }) => outcome);
  return JSON.stringify({ settings, wallSeconds, outcomes: told }, null, 2);
}

function asTable<Outcome extends DrillOutcome>(
  { table, unit, settings = {} }: Telling<Outcome>,
  outcomes: readonly Outcome[],
  wallSeconds: number,
): string {
  const said = Object.entries(settings).map(([name, value]) => `${name} ${value}`).join(", ");
  const below = [unit, said, `took ${wallSeconds.toFixed(0)} s`].filter((text) => text !== "");
  return `${table(outcomes)}\n${below.join("; ")}`;
}

/** Holds some drills; one that is not among the outcomes did not come to its fault. */
async function hold<
  Scenario extends { readonly name: string },
  Place extends AsyncDisposable,
  Outcome extends DrillOutcome,
>(
  { atATime, place: makePlace, drill }: Drills<Scenario, Place, Outcome>,
  { scheduled, signal, note }: {
    readonly scheduled: readonly Scenario[];
    readonly signal: AbortSignal;
    readonly note: Surroundings["note"];
  },
): Promise<Map<Scenario, Outcome>> {
  const outcomes = new Map<Scenario, Outcome>();
  const left = [...scheduled];
  const holdSome = async (place: Place) => {
    for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
      signal.throwIfAborted();
      note(`${scenario.name} …`);
      try {
        const outcome = await drill(scenario, place, signal);
        if (outcome.wrong.length > 0 && outcome.logs !== undefined) note(outcome.logs.join("\n"));
        outcomes.set(scenario, outcome);
      } catch (error) {
        signal.throwIfAborted();
        return note(`${scenario.name}: ${errorMessage(error)}`);
      }
    }
  };
  const holdAll = async () => {
    while (left.length > 0) {
      await using place = await makePlace(signal);
      await holdSome(place);
    }
  };
  const places = Math.min(atATime, scheduled.length);
  const ends = await Promise.allSettled(Array.from({ length: places }, holdAll));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return outcomes;
}
