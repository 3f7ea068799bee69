import { type CompletedCommand, takesFile } from "./_completed.ts";
import type { HelpOption } from "../help_text.ts";
import { quoted } from "../quoted.ts";

/** The completion script for zsh: for a file `_failover` in its `fpath`, or to be sourced. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(({ name, summary }) => `      ${quoted(`${name}:${summary}`)}`);
  return `#compdef failover
# failover's completions for zsh

_failover() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${described.join("\n")}
      '--help:Show what there is'
      '--version:Show the version'
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(branch).join("\n")}
  esac
}

# As a file of fpath it is run to complete; sourced, it only says what it is for.
if [[ $funcstack[1] == _failover ]]; then
  _failover "$@"
else
  compdef _failover failover
fi
`;
}

function branch({ name, options, words }: CompletedCommand): string {
  const specs = [
    ...words.length === 0 ? [] : [`1:word:(${words.join(" ")})`],
    ...options.map(spec),
  ];
  return `    ${name})
      _arguments \\
${specs.map((spec) => `        ${quoted(spec)}`).join(" \\\n")}
      ;;`;
}

/** An option in the form of zsh's `_arguments`: `--name=[summary]:value:action`. */
function spec(option: HelpOption): string {
  const { name, value, choices, summary } = option;
  const described = `[${escaped(summary)}]`;
  if (value === undefined) return `--${name}${described}`;
  const action = takesFile(option)
    ? "_files"
    : choices.length === 0
    ? " "
    : `(${choices.join(" ")})`;
  const what = choices.length === 0 ? value : name;
  return `--${name}=${described}:${escaped(what)}:${action}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\[\]:]/g, "\\$&");
}
