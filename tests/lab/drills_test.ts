// The frame of the drills: what is held, what is told, and the exit status.
import { assertEquals, assertMatch } from "@std/assert";
import { type DrillArguments, holdDrills, type OwnOptions } from "./drills.ts";
import { missing } from "./missing.ts";

// Without root no drill is held.
const ignore = (await missing([])).length > 0;

/** Three drills: the first is right, the second wrong, the third does not come to its fault. */
async function hold(args: string[], own?: OwnOptions) {
  const answers: string[] = [];
  const notes: string[] = [];
  const places: string[] = [];
  let given: DrillArguments | undefined;
  const code = await holdDrills(
    (read) => {
      given = read;
      return {
        needs: [],
        scenarios: [{ name: "never" }, { name: "right" }, { name: "wrong" }],
        atATime: 1,
        place: () => {
          places.push("made");
          const left = () => Promise.resolve(void places.push("left"));
          return Promise.resolve({ [Symbol.asyncDispose]: left });
        },
        drill: ({ name }: { readonly name: string }) =>
          name === "never" ? Promise.reject(new Error("no lord")) : Promise.resolve({
            name,
            wrong: name === "wrong" ? ["two lords"] : [],
            logs: [`the log of ${name}`],
          }),
        table: (outcomes: readonly { readonly name: string }[]) =>
          outcomes.map(({ name }) => name).join(", "),
        unit: "seconds",
        settings: { freq: 1 },
      };
    },
    own,
    { args, answer: (text) => answers.push(text), note: (text) => notes.push(text) },
  );
  return { code, answer: answers.join("\n"), notes, places, given };
}

Deno.test("drills: the table of all, the logs of what is wrong, and 1", { ignore }, async () => {
  const { code, answer, notes, places } = await hold([]);
  assertEquals(code, 1);
  assertMatch(answer, /^right, wrong\nseconds; freq 1; took \d+ s$/);
  assertEquals(notes, [
    "never …",
    "never: no lord",
    "right …",
    "wrong …",
    "the log of wrong",
    "faults: never: it did not come to the fault",
  ]);
  // The place that a failed drill leaves is not used again.
  assertEquals(places, ["made", "left", "made", "left"]);
});

Deno.test("drills: --only, and 0 where all is right; JSON without logs", { ignore }, async () => {
  const { code, answer, places } = await hold(["--only", "right", "--json"]);
  const { settings, outcomes } = JSON.parse(answer);
  const told = { settings: { freq: 1 }, outcomes: [{ name: "right", wrong: [] }] };
  assertEquals([code, { settings, outcomes }, places], [0, told, ["made", "left"]]);
});

Deno.test("drills: a wrong outcome, and one that is missing, are 1 each", { ignore }, async () => {
  assertEquals((await hold(["--only", "wrong"])).code, 1);
  assertEquals((await hold(["--only", "never"])).code, 1);
});

Deno.test("drills: the program's own options, and nothing else", async () => {
  const own = { flags: ["lan"], values: ["lease"] };
  const { given, places } = await hold(["--lan", "--lease", "on", "--only", "none"], own);
  const values = { lease: "on" };
  assertEquals([given, places], [{ json: false, only: "none", flags: ["lan"], values }, []]);
  const wrong: [args: string[], told: string][] = [
    [["--only", "none"], `faults: no drill's name has "none" in it`],
    [["--onyl", "right"], "faults: what is --onyl?"],
    [["right"], "faults: what is right?"],
  ];
  for (const [args, told] of wrong) {
    const { code, answer, notes } = await hold(args, own);
    assertEquals([code, answer, notes], [2, "", [told]]);
  }
});
