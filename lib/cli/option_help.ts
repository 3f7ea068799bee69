import type { ActionKind } from "../base/action_kind.ts";
import { type KeyRow, namesOf } from "../base/option_row.ts";
import { hanging } from "../base/wrap.ts";
import { type OptionRow, syntaxOf } from "../config/option.ts";
import { sentenceOnTerminal } from "../manual/on_terminal.ts";

/** The width of a line, in characters. */
const width = 80;

const linesThatCount = {
  global: "the last one counts",
  legion: "the last one of each legion counts",
  repeated: "may repeat",
};

/** The text of `failover help OPTION` for an option of the configuration. */
export function optionHelp(row: OptionRow): string {
  const [first, ...more] = sentenceOnTerminal(row.help);
  const { keys = [] } = row;
  const facts: readonly [label: string, text: string | undefined][] = [
    ["also", row.aliases?.join(", ")],
    ["lines", linesThatCount[row.scope]],
    ["unit", row.unit],
    ["default", row.default || row.otherwise || "none"],
    ["reload", reloadOf(row)],
  ];
  const known = facts.filter(([, text]) => text !== undefined);
  return [
    `${syntaxOf(row)}\n`,
    `${hanging(`${first.toUpperCase()}${more.join("")}.`, width, 0)}\n`,
    known.map(([label, text]) => `${hanging(`  ${label.padEnd(9)}${text}`, width, 11)}\n`).join(""),
    ...keys.length === 0 ? [] : [keysHelp(keys)],
    `Example:\n\n  ${row.example}\n`,
    "All options: failover help configuration\n",
  ].join("\n");
}

/** The text of `failover help ACTION` for an action of a hook that has keys. */
export function actionHelp({ kind, keys }: ActionKind): string {
  return [
    `legion-EVENT = NAME ${kind}:KEY=VALUE,…\n`,
    "An action of a hook; `\\` escapes a comma in a value.\n",
    keysHelp(keys),
    "All actions: failover help configuration\n",
  ].join("\n");
}

/** The keys of a keyval list, with their defaults and meanings. */
function keysHelp(rows: readonly KeyRow[]): string {
  const keys = rows.map((row) => {
    const usual = row.default ?? row.otherwise;
    const how = row.required ? ", required" : usual === undefined ? "" : `, by default ${usual}`;
    const key = hanging(`  ${namesOf([row]).join(" or ")}=${row.form}${how}`, width, 6);
    return `${key}\n${hanging(`      ${sentenceOnTerminal(row.help)}`, width, 6)}\n`;
  });
  return `Its keys:\n\n${keys.join("")}`;
}

function reloadOf({ reload }: OptionRow): string {
  if (reload === "in place") return reload;
  const fixed = `${reload.restart} needs a restart`;
  return reload.when === undefined ? fixed : `in place; ${fixed}`;
}
