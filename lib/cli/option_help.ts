import { type KeyRow, namesOf } from "../base/option_row.ts";
import { type OptionRow, syntaxOf } from "../config/option.ts";
import { onTerminal } from "../manual/on_terminal.ts";

const linesThatCount = {
  global: "the last one counts",
  legion: "the last one of each legion counts",
  repeated: "may repeat",
};

/** The text of `failover help OPTION` for an option of the configuration. */
export function optionHelp(row: OptionRow): string {
  const [first, ...more] = onTerminal(row.help);
  const { keys = [] } = row;
  const facts: readonly [label: string, text: string | undefined][] = [
    ["also", row.aliases?.join(", ")],
    ["lines", linesThatCount[row.scope]],
    ["unit", row.unit],
    ["default", row.default || row.otherwise || "none"],
    ["reload", reloadOf(row)],
    ["example", row.example],
  ];
  const known = facts.filter(([, text]) => text !== undefined);
  return [
    `${syntaxOf(row)}\n`,
    `${first.toUpperCase()}${more.join("")}.\n`,
    known.map(([label, text]) => `  ${label.padEnd(9)}${text}\n`).join(""),
    ...keys.length === 0 ? [] : [keysHelp(keys)],
    "All options: failover help configuration\n",
  ].join("\n");
}

/** The keys of a keyval list, one a line, with their defaults and meanings. */
export function keysHelp(rows: readonly KeyRow[]): string {
  const written = rows.map((row) => `${namesOf([row]).join(" or ")}=${row.form}`);
  const usual = rows.map((row) => row.required ? "required" : row.default ?? row.otherwise ?? "");
  const widths = [written, usual].map((texts) => Math.max(...texts.map(({ length }) => length)));
  const lines = rows.map(({ help }, at) =>
    `  ${written[at].padEnd(widths[0])}  ${usual[at].padEnd(widths[1])}  ${onTerminal(help)}\n`
  );
  return `Its keys, with what holds where they are not given:\n\n${lines.join("")}`;
}

function reloadOf({ reload }: OptionRow): string {
  if (reload === "in place") return reload;
  const fixed = `${reload.restart} needs a restart`;
  return reload.when === undefined ? fixed : `in place; ${fixed}`;
}
