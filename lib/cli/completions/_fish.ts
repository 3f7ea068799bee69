import { type CompletedCommand, takesFile } from "./_completed.ts";
import type { HelpOption } from "../help_text.ts";

/** The completion script for fish. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const named = commands.map(({ name, summary }) =>
    `complete -c failover -n __failover_no_command -a ${name} -d ${fishQuoted(summary)}`
  );
  return `# failover's completions for fish

function __failover_no_command
  test (count (commandline -opc)) -eq 1
end

function __failover_command
  set -l words (commandline -opc)
  test (count $words) -gt 1; and test $words[2] = $argv[1]
end

complete -c failover -f
complete -c failover -n __failover_no_command -l help -d 'Show what there is'
complete -c failover -n __failover_no_command -l version -d 'Show the version'
${named.join("\n")}
${commands.flatMap(lines).join("\n")}
`;
}

function lines({ name, options, words }: CompletedCommand): string[] {
  const behind = `complete -c failover -n '__failover_command ${name}'`;
  return [
    ...words.length === 0 ? [] : [`${behind} -a ${fishQuoted(words.join(" "))}`],
    ...options.map((option) => `${behind} ${flags(option)}`),
  ];
}

function flags(option: HelpOption): string {
  const { name, value, choices, summary } = option;
  const described = `-l ${name} -d ${fishQuoted(summary)}`;
  if (value === undefined) return described;
  // -r: a value follows, and with -F the name of a file; -x: a value follows that is no file.
  if (takesFile(option)) return `${described} -r -F`;
  return `${described} -x${choices.length === 0 ? "" : ` -a ${fishQuoted(choices.join(" "))}`}`;
}

/** In fish's single quotes a backslash takes the next quote or backslash as it is. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}
