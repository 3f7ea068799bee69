import { type CompletedCommand, takesFile } from "./_completed.ts";
import { quoted } from "../quoted.ts";

/** The completion script for bash, which works without the package bash-completion. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  return `# failover's completions for bash
_failover() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  # Bash takes --name=value for three words.
  if [ "$current" = = ]; then
    current=
  elif [ "$previous" = = ]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  local words
  if [ "$COMP_CWORD" = 1 ]; then
    words=${quoted([...names, "--help", "--version"].join(" "))}
  else
    case "\${COMP_WORDS[1]} $previous" in
${commands.flatMap(values).join("\n")}
      *)
        case "\${COMP_WORDS[1]}" in
${commands.map(words).join("\n")}
          *) words= ;;
        esac ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

_failover_files() {
  # Outside of a completion, as in a test, there is no compopt.
  compopt -o filenames -o default 2> /dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

complete -F _failover failover
`;
}

/** The branches that complete the value behind each option that takes one. */
function values({ name, options }: CompletedCommand): string[] {
  return options.filter(({ value }) => value !== undefined).map((option) => {
    const pattern = quoted(`${name} --${option.name}`);
    if (takesFile(option)) return `      ${pattern}) _failover_files "$current"; return ;;`;
    return `      ${pattern}) words=${quoted(option.choices.join(" "))} ;;`;
  });
}

function words({ name, options, words }: CompletedCommand): string {
  const all = [...words, ...options.map(({ name }) => `--${name}`)];
  return `          ${name}) words=${quoted(all.join(" "))} ;;`;
}
