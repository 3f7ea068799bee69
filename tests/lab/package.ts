import { assertEquals } from "@std/assert";
import { resultOf } from "./compile.ts";

const script = new URL("../../scripts/package.ts", import.meta.url).pathname;

/** Makes the Debian package by `deno task deb`, packed loosely, which is quicker. */
export async function makePackage(output: string): Promise<void> {
  const args = ["run", "--quiet", "-P", script, "deb", "--level", "0", "--output", output];
  const { code, err } = await resultOf(Deno.execPath(), args);
  assertEquals(code, 0, err);
}
