/** The facts about the build of an executable. */
export interface Build {
  /** The short id of the source's commit; with `+` where the source had uncommitted changes. */
  readonly commit: string;
  /** The time of the build: ISO 8601, in UTC. */
  readonly builtAt: string;
}

// Build and path are undefined while the program runs from its source.
let build: Build | undefined;
let executable: string | undefined;
let boot: string | undefined;

/**
 * Takes note that this is a compiled executable. Must be called before anything else.
 *
 * @param made the facts about its build
 * @param args the arguments that the process was started with
 * @returns the arguments that are meant for the program
 */
export function compiled(made: Build, args: readonly string[]): readonly string[] {
  build = made;
  forgetRuntimeVariables();
  if (Deno.build.standalone) {
    executable = Deno.execPath();
    return args;
  }
  restoreVariables();
  boot = Deno.env.get("FAILOVER_BOOT");
  Deno.env.delete("FAILOVER_BOOT");
  // The portable form (scripts/portable.sh) gives its own path as the first argument, since
  // `Deno.execPath()` is the Deno that it unpacked.
  const [path, ...rest] = args;
  executable = path;
  return rest;
}

// Deletes the variables that Deno obeys, its own and the ones of Node.js: these could change the
// program's behaviour, as NODE_TLS_REJECT_UNAUTHORIZED would its trust, and the ones that the
// portable form sets for its Deno must not reach the commands that the program starts.
function forgetRuntimeVariables(): void {
  for (const name of Object.keys(Deno.env.toObject())) {
    if (/^(DENO|NODE|OTEL)_/.test(name)) Deno.env.delete(name);
  }
}

/** The variables that the portable form sets for its Deno, and where it keeps what they were. */
const kept = { HOME: "FAILOVER_HOME", GLIBC_TUNABLES: "FAILOVER_TUNABLES" };

/** Restores these variables, for the program and for the commands that it starts. */
function restoreVariables(): void {
  for (const [name, place] of Object.entries(kept)) {
    // In the place is `=` and the value; nothing where the variable was not set.
    const value = Deno.env.get(place) ?? "";
    if (value === "") Deno.env.delete(name);
    else Deno.env.set(name, value.slice(1));
    Deno.env.delete(place);
  }
}

/** The build of this executable; undefined when the program runs from its source. */
export function ownBuild(): Build | undefined {
  return build;
}

/** The id of this boot, as the portable form's script has read it; undefined: it has read none. */
export function bootRead(): string | undefined {
  return boot;
}

/** Whether this is the portable form of the executable (scripts/portable.sh). */
export function isPortable(): boolean {
  return executable !== undefined && !Deno.build.standalone;
}

/** The path of this executable; undefined when the program runs from its source. */
export function ownExecutable(): string | undefined {
  return executable;
}

/** The path of the program in a package, beside which it needs the package's other files. */
export const packagedPath = "/usr/bin/failover";

/** Whether this is the program of a package for Debian or Fedora (scripts/package.ts). */
export function isPackaged(): boolean {
  return isPortable() && executable === packagedPath;
}

/** Makes a command that runs this same program, executable or source, with other arguments. */
export function selfCommand(args: readonly string[], options: Deno.CommandOptions): Deno.Command {
  if (executable !== undefined) {
    return new Deno.Command(executable, { ...options, args: [...args] });
  }
  // `-P` gives the permissions of the executable: the default set of deno.json.
  const own = ["run", "--quiet", "-P", Deno.mainModule];
  return new Deno.Command(Deno.execPath(), { ...options, args: [...own, ...args] });
}
