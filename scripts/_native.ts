import { environment } from "./_environment.ts";
import { permissions } from "./_permissions.ts";
import type { Target } from "./_targets.ts";
import { v8Options } from "./_v8_options.ts";

/** The options for making the native form. */
export interface NativeOptions {
  /** The folder that `bundle` has filled. */
  readonly folder: string;
  /** The machine to make it for. */
  readonly target: Target;
  /** The path of the executable. */
  readonly output: string;
  /** How long `deno compile` may take, in milliseconds: the first time it downloads some 40 MB. */
  readonly patienceMs: number;
  /** Variables for `deno compile` besides those of {@link environment}. */
  readonly env?: Record<string, string>;
}

/** Thrown when the native form cannot be made. */
export class NativeError extends Error {
  /** Always `NativeError`. */
  override readonly name = "NativeError";
}

/**
 * Makes the native form: the bundle and Deno's runtime in one executable, by `deno compile`.
 *
 * @throws NativeError with the output of `deno compile`, or that it took too long
 */
export async function native(
  { folder, target, output, patienceMs, env = {} }: NativeOptions,
): Promise<void> {
  // The code cache would be a file in TMPDIR of a known name, trusted whoever wrote it.
  const fixed = ["--quiet", "--no-config", "--no-code-cache", "--app-name", "failover"];
  const signal = AbortSignal.timeout(patienceMs);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["compile", ...fixed, "--target", target.triple, "--output", output],
      ...[...permissions, `--v8-flags=${v8Options.join(",")}`, `${folder}/main.js`],
    ],
    cwd: folder,
    stdout: "null",
    clearEnv: true,
    env: { ...environment(), ...env },
    signal,
  }).output();
  if (success) return;
  await removeUnfinished(output);
  const reason = signal.aborted
    ? `it had not ended after ${patienceMs / 1000} s`
    : reasonIn(new TextDecoder().decode(stderr));
  const runtime = Deno.env.get("DENORT_BIN");
  const by = runtime === undefined ? "" : ` with DENORT_BIN=${runtime}`;
  throw new NativeError(`deno compile${by}: ${reason}`);
}

// Deno tells the task first, then numbers the causes; number 1 names the failure.
function reasonIn(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const cause = lines.find((line) => /^1: /.test(line)) ??
    lines.find((line) => /^error/.test(line));
  return (cause ?? lines[0] ?? "it said nothing").replace(/^(1|error): /, "");
}

// Removes the file that Deno writes first: the output's name and a suffix.
async function removeUnfinished(output: string): Promise<void> {
  const cut = output.lastIndexOf("/");
  const [folder, name] = [output.slice(0, cut), output.slice(cut + 1)];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.startsWith(`${name}.tmp-`)) await Deno.remove(`${folder}/${entry.name}`);
  }
}
