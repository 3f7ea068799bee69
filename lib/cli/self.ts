/** What a compiled executable knows of its making. */
export interface Build {
  /** The commit of the source, short; with `+` where it had changes. */
  readonly commit: string;
  /** When it was built: ISO 8601, in UTC. */
  readonly builtAt: string;
}

// Nothing is known while the program runs from its source.
let build: Build | undefined;
let executable: string | undefined;

/**
 * Takes note that this is a compiled executable: the first thing that one does.
 *
 * @param args All that the process was started with
 * @returns what of that is meant for the program
 */
export function compiled(made: Build, args: readonly string[]): readonly string[] {
  build = made;
  forgetRuntimeVariables();
  if (Deno.build.standalone) {
    executable = Deno.execPath();
    return args;
  }
  restoreHome();
  // The portable form (scripts/portable.sh) says first where it is: `Deno.execPath()` is the Deno
  // that it unpacked.
  const [path, ...rest] = args;
  executable = path;
  return rest;
}

// Variables of Deno, and those that it takes over from Node.js, could change what the program does:
// NODE_TLS_REJECT_UNAUTHORIZED whom it trusts, say. Those that the portable form sets for its Deno are
// of no concern to the commands that the program starts.
function forgetRuntimeVariables(): void {
  for (const name of Object.keys(Deno.env.toObject())) {
    if (/^(DENO|NODE|OTEL)_/.test(name)) Deno.env.delete(name);
  }
}

/** The portable form keeps its Deno from the user's home folder. */
function restoreHome(): void {
  // `=` and the value; empty where there was none.
  const home = Deno.env.get("FAILOVER_HOME") ?? "";
  if (home === "") Deno.env.delete("HOME");
  else Deno.env.set("HOME", home.slice(1));
  Deno.env.delete("FAILOVER_HOME");
}

/** How this executable was made; undefined when the program runs from its source. */
export function ownBuild(): Build | undefined {
  return build;
}

/** The path of this executable; undefined when the program runs from its source. */
export function ownExecutable(): string | undefined {
  return executable;
}

/** The command that runs this very program with other arguments: the executable, or its source. */
export function selfCommand(args: readonly string[], options: Deno.CommandOptions): Deno.Command {
  if (executable !== undefined) {
    return new Deno.Command(executable, { ...options, args: [...args] });
  }
  // With the permissions of the executable: the default set of deno.json.
  const own = ["run", "--quiet", "-P", Deno.mainModule];
  return new Deno.Command(Deno.execPath(), { ...options, args: [...own, ...args] });
}
