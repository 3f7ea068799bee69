import { type OptionRow, syntaxOf } from "../config/option.ts";
import { onTerminal } from "../manual/on_terminal.ts";

const lines = {
  global: "the last one counts",
  legion: "the last one of each legion counts",
  repeated: "may repeat",
};

/** The text of `failover help OPTION` for an option of the configuration. */
export function optionHelp(row: OptionRow): string {
  const [first, ...more] = onTerminal(row.help);
  const facts: readonly [label: string, text: string | undefined][] = [
    ["also", row.aliases?.join(", ")],
    ["lines", lines[row.scope]],
    ["unit", row.unit],
    ["default", row.default || "none"],
    ["reload", reloadOf(row)],
    ["example", row.example],
  ];
  return `${syntaxOf(row)}

${first.toUpperCase()}${more.join("")}.

${
    facts.filter(([, text]) => text !== undefined)
      .map(([label, text]) => `  ${label.padEnd(9)}${text}\n`).join("")
  }
All options: failover help configuration
`;
}

function reloadOf({ reload }: OptionRow): string {
  if (reload === "in place") return reload;
  const fixed = `${reload.restart} needs a restart`;
  return reload.when === undefined ? fixed : `in place; ${fixed}`;
}
