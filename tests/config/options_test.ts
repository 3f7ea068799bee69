import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { type KeyRow, namesOf } from "../../lib/base/option_row.ts";
import { checkKeys } from "../../lib/config/check.ts";
import { hookEvents } from "../../lib/base/hook_event.ts";
import { actionKinds, describeConfiguration } from "../../lib/node/configuration.ts";
import { hookOptions } from "../../lib/config/hook_options.ts";
import { type OptionRow, rowsOf, syntaxOf } from "../../lib/config/option.ts";
import { legionOptions, membershipOptions } from "../../lib/config/legion_options.ts";
import { options } from "../../lib/config/options.ts";
import { nodeOptions } from "../../lib/config/node_options.ts";
import { reload } from "../../lib/config/reload.ts";
import { files, read } from "./read.ts";

files["/etc/failover/secret"] = "secret1\n";

const own = "legion = failover 1.1.1.1:2000 100 bf-cbc:x\n";
const others = `legion-node = failover 2.2.2.2:2000
legion-node = failover 3.3.3.3:2000
legion-quorum = failover 2
`;
const usual = read(`[uwsgi]\n${own}${others}`);

/** A legion of three nodes with the example of an option. */
function withExample({ example }: OptionRow) {
  const isOwn = membershipOptions.some(({ name }) => example.startsWith(`${name} `));
  return read(`[uwsgi]\n${isOwn ? "" : own}${others}${example}\n`);
}

Deno.test("no name is that of two options", () => {
  const names = namesOf(options);
  assertEquals(names.length, new Set(names).size);
});

Deno.test("each event has an option", () => {
  assertEquals(hookOptions.map(({ event }) => event), [...hookEvents]);
});

for (const row of options) {
  Deno.test(`${row.name}: help in one line, and an example that loads`, () => {
    assert(row.help.length <= 100 && !/[.\n]/.test(row.help.at(-1) ?? "."), row.help);
    assert(row.example.startsWith(`${row.name} = ${row.scope === "global" ? "" : "failover "}`));
    withExample(row);
  });
}

const uses = options.filter(({ name }) => name !== "legion-scroll-list-max-size");
for (const row of uses) {
  Deno.test(`${row.name}: --check-config shows its example`, () => {
    const shown = describeConfiguration(withExample(row));
    // With stats it matters; without, a node has no HTTP.
    if (row.name === "stats-http") return;
    assertNotEquals(shown.replaceAll(/line \d+/g, "line"), describeConfiguration(usual));
  });
}

for (const row of uses) {
  Deno.test(`${row.name}: a reload does with its example what the row says`, () => {
    const { changed, needsRestart } = reload(usual, withExample(row));
    const { reload: does } = row;
    const inPlace = does === "in place" || does.when !== undefined;
    assertEquals([changed.length, needsRestart.length > 0], inPlace ? [1, false] : [0, true]);
  });
}

Deno.test("each key of a configuration has a row, or its place beside them", () => {
  const { legions: [legion], ...config } = read(
    `[uwsgi]\n${own}${others}${uses.slice(2).map(({ example }) => example).join("\n")}\n`,
  );
  const fromOwnLine = ["name", "address", "casting", "valor", "cipher", "secret", "iv"];
  assertEquals(
    Object.keys(legion).sort(),
    ["file", "line", ...fromOwnLine, "voters", "node", "hooks", ...Object.keys(legionOptions)]
      .sort(),
  );
  assertEquals(
    Object.keys(config).sort(),
    ["file", "section", "files", "origins", "passedOver", "warnings", ...Object.keys(nodeOptions)]
      .sort(),
  );
});

Deno.test("a default is the value that holds where a file has none", () => {
  const around = { toleranceMs: 15_000, scrollMaxSize: 4_096 };
  const [legion] = read(`[uwsgi]\n${own}`).legions;
  for (const [field, row] of rowsOf(legionOptions)) {
    assertEquals(legion[field], row.fill([], around), field);
  }
});

/** The cells of the first table of a chapter behind a text. */
function tableBehind(text: string, chapter: string): string[][] {
  const file = new URL(`../../lib/manual/${chapter}.md`, import.meta.url);
  const [, below] = Deno.readTextFileSync(file).split(text);
  const [table] = /^\|.*(?:\n\|.*)*/m.exec(below) ?? [""];
  const [, , ...rows] = table.split("\n");
  return rows.map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

Deno.test("the manual's table of options is that of the rows", () => {
  const rows = options.map((row) => [
    `${syntaxOf(row).replace(row.name, `\`${row.name}\``)}${
      row.scope === "repeated" ? " \\*" : ""
    }`,
    row.default ?? "",
    row.help,
  ]);
  assertEquals(tableBehind("\n## Options\n", "configuration"), rows);
});

Deno.test("the manual says of each option whether a reload takes it in place", () => {
  const [[inPlace, restart]] = tableBehind("\n## Reload\n", "configuration");
  for (const [, { name, reload }] of [...rowsOf(legionOptions), ...rowsOf(nodeOptions)]) {
    assertEquals(
      [inPlace, restart].map((cell) => cell.includes(`\`${name}\``)),
      [reload === "in place" || reload.when !== undefined, reload !== "in place"],
      name,
    );
  }
});

/** The manual's table of the keys of a keyval list. */
function tableOf(keys: readonly KeyRow[]): string[][] {
  return keys.map((row) => [
    `${namesOf([row]).map((name) => `\`${name}\``).join(" or ")} = ${row.form}`,
    row.required ? "required" : row.default ?? row.otherwise ?? "",
    row.help,
  ]);
}

Deno.test("the manual's table of the keys of legion-check is that of the rows", () => {
  assertEquals(tableBehind("# When the service dies", "checks"), tableOf(checkKeys));
});

const actionsWithKeys = actionKinds.filter(({ keys }) => keys.length > 0);
for (const { kind, keys } of actionsWithKeys) {
  Deno.test(`the manual's table of the keys of ${kind}: is that of the rows`, () => {
    const shown = tableBehind(`\`${kind}:key=value,…\``, "configuration");
    const text = (row: readonly string[]) => row.join(" | ");
    const all = tableOf(keys).map(text);
    const others = actionsWithKeys.filter((other) => other.kind !== kind)
      .map((other) => tableBehind(`\`${other.kind}:key=value,…\``, "configuration").map(text));
    // The keys that the table of one other action has in the same words need not stand here again.
    const there = others.map((rows) => all.filter((row) => !rows.includes(row)));
    const told = shown.map(text).join("\n");
    assert([all, ...there].some((rows) => rows.join("\n") === told), told);
  });
}
