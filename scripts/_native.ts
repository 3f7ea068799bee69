import { environment } from "./_environment.ts";
import { permissions } from "./_permissions.ts";
import type { Target } from "./_targets.ts";
import { v8Options } from "./_v8_options.ts";

/** How to make the native form. */
export interface NativeOptions {
  /** The bundle, by `bundle`. */
  readonly folder: string;
  readonly target: Target;
  readonly output: string;
  /** How long `deno compile` may take: it downloads some 40 MB when it does so for the first time. */
  readonly patienceMs: number;
  /** Besides what it gets of the environment of this process. */
  readonly env?: Record<string, string>;
}

/** It could not be made. */
export class NativeError extends Error {
  override readonly name = "NativeError";
}

/**
 * The native form: the bundle and Deno's runtime in one executable, by `deno compile`.
 *
 * @throws NativeError with what `deno compile` said, or that it took too long
 */
export async function native(
  { folder, target, output, patienceMs, env = {} }: NativeOptions,
): Promise<void> {
  // The code cache would be a file in TMPDIR with a name that all know, taken whoever wrote it.
  const fixed = ["--quiet", "--no-config", "--no-code-cache", "--app-name", "failover"];
  const signal = AbortSignal.timeout(patienceMs);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["compile", ...fixed, "--target", target.triple, "--output", output],
      ...[...permissions, ...v8Options, `${folder}/main.js`],
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

// Deno says what it was doing, then numbers the causes; the second of these names what failed.
function reasonIn(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const cause = lines.find((line) => /^1: /.test(line)) ??
    lines.find((line) => /^error/.test(line));
  return (cause ?? lines[0] ?? "it said nothing").replace(/^(1|error): /, "");
}

// Deno writes to a file with this name and a suffix first.
async function removeUnfinished(output: string): Promise<void> {
  const cut = output.lastIndexOf("/");
  const [folder, name] = [output.slice(0, cut), output.slice(cut + 1)];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.startsWith(`${name}.tmp-`)) await Deno.remove(`${folder}/${entry.name}`);
  }
}
