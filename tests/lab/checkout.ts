import { assertEquals } from "@std/assert";
import { resultOf } from "./compile.ts";

const root = new URL("../../", import.meta.url).pathname;

/** All that scripts/ needs for a release. */
const own = ["deno.json", "deno.lock", "main.ts", "lib", "scripts", "LICENSE", "CHANGELOG.md"];

/** Copies the source into a folder, with another version if one is given. */
export async function makeCheckout(folder: string, version?: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const copied = await resultOf("cp", ["-r", ...own.map((path) => root + path), folder]);
  assertEquals(copied.code, 0, copied.err);
  if (version === undefined) return;
  const file = `${folder}/deno.json`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace(/("version": ")[^"]+/, `$1${version}`));
}

/** Runs a script of a checkout, as its task does, under a umask; the result is its output. */
export async function runScript(
  checkout: string,
  script: string,
  args: readonly string[],
  { env = {}, umask = "022" }: { env?: Record<string, string>; umask?: string } = {},
): Promise<string> {
  const config = ["--config", `${checkout}/deno.json`, `${checkout}/scripts/${script}.ts`];
  const line = [Deno.execPath(), "run", "--quiet", "-P", ...config, ...args];
  const under = ["-c", 'umask "$0"; exec "$@"', umask];
  const { code, out, err } = await resultOf("sh", [...under, ...line], { env });
  assertEquals([code, err], [0, ""]);
  return out;
}
