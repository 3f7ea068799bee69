// The common checks of the executable's tests: that it runs, and the contents of its cache.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Executable, RunOptions } from "./executable.ts";

/** The settings of a run, with the folder of the cache. */
export interface Options extends RunOptions {
  /** The value of FAILOVER_CACHE_DIR; not set when left out. */
  readonly cache?: string;
}

/** Runs `failover version`. */
export function versionOf(executable: Executable, { cache, env = {}, ...options }: Options) {
  const place: Record<string, string> = cache === undefined ? {} : { FAILOVER_CACHE_DIR: cache };
  return executable.run(["version"], { ...options, env: { ...env, ...place } });
}

/** Asserts that the executable runs, and prints nothing but its version. */
export async function assertRuns(executable: Executable, options: Options): Promise<void> {
  const { code, out, err } = await versionOf(executable, options);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^failover [\d.]+ \(commit \w+\+?, built \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)\n$/);
}

/** Asserts that the executable does not run, and prints why and what to do. */
export async function assertRefused(
  executable: Executable,
  options: Options,
  ...reasons: string[]
) {
  const { code, out, err } = await versionOf(executable, options);
  assertEquals([code, out], [1, ""]);
  for (const reason of ["set FAILOVER_CACHE_DIR", ...reasons]) assertStringIncludes(err, reason);
}

/** The names in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** The folder of the program that a cache folder's record names. */
export function programIn(cache: string): string {
  const record = namesIn(cache).find((name) => /^portable-\w+$/.test(name));
  assert(record !== undefined, `${cache} has no record`);
  const [folder] = Deno.readTextFileSync(`${cache}/${record}`).split("\n");
  return `${cache}/${folder}`;
}

/** Asserts that all unpacked files are as they were packed. */
export async function assertUndamaged(cache: string): Promise<void> {
  const { code, stderr } = await new Deno.Command("sha256sum", {
    args: ["--check", "--strict", "SHA256SUMS"],
    cwd: programIn(cache),
    stdout: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}
