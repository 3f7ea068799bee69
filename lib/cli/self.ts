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

// How the portable form tells Deno where to keep what it keeps. It is of no concern to hooks.
const settings = [
  "DENO_DIR",
  "DENO_DISABLE_NODE_SHIM",
  "DENO_NO_PACKAGE_JSON",
  "DENO_NO_UPDATE_CHECK",
];

/**
 * Takes note that this is a compiled executable: the first thing that one does.
 *
 * @param args All that the process was started with
 * @returns what of that is meant for the program
 */
export function compiled(made: Build, args: readonly string[]): readonly string[] {
  build = made;
  if (Deno.build.standalone) {
    executable = Deno.execPath();
    return args;
  }
  // The portable form (scripts/portable.sh) says first where it is: `Deno.execPath()` is the Deno
  // that it unpacked.
  for (const name of settings) Deno.env.delete(name);
  const [path, ...rest] = args;
  executable = path;
  return rest;
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
  const own = ["run", "--allow-all", "--quiet", Deno.mainModule];
  return new Deno.Command(Deno.execPath(), { ...options, args: [...own, ...args] });
}
