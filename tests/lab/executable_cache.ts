// What the tests of the executable ask again and again: does it run, and what is in its cache?
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Executable, RunOptions } from "./executable.ts";

/** How to run it, and the folder of its cache. */
export interface Options extends RunOptions {
  /** FAILOVER_CACHE_DIR. */
  readonly cache?: string;
}

/** Runs `failover version`. */
export function versionOf(executable: Executable, { cache, env = {}, ...options }: Options) {
  const place: Record<string, string> = cache === undefined ? {} : { FAILOVER_CACHE_DIR: cache };
  return executable.run(["version"], { ...options, env: { ...env, ...place } });
}

/** That it runs, and says nothing but its version. */
export async function assertRuns(executable: Executable, options: Options): Promise<void> {
  const { code, out, err } = await versionOf(executable, options);
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^failover [\d.]+ \(commit \w+\+?, built \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)\n$/);
}

/** That it does not run, and says why, and what to do. */
export async function assertRefused(
  executable: Executable,
  options: Options,
  ...reasons: string[]
) {
  const { code, out, err } = await versionOf(executable, options);
  assertEquals([code, out], [1, ""]);
  for (const reason of ["set FAILOVER_CACHE_DIR", ...reasons]) assertStringIncludes(err, reason);
}

/** What is in a folder, sorted. */
export function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** The folder of the program that a cache folder has on record. */
export function programIn(cache: string): string {
  const record = namesIn(cache).find((name) => /^portable-\w+$/.test(name));
  assert(record !== undefined, `${cache} has no record`);
  const [folder] = Deno.readTextFileSync(`${cache}/${record}`).split("\n");
  return `${cache}/${folder}`;
}

/** That all that is unpacked is as it was packed. */
export async function assertUndamaged(cache: string): Promise<void> {
  const { code, stderr } = await new Deno.Command("sha256sum", {
    args: ["--check", "--strict", "SHA256SUMS"],
    cwd: programIn(cache),
    stdout: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}
