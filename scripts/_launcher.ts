import { permissions } from "./_permissions.ts";
import { v8Options, v8OptionsWithCache } from "./_v8_options.ts";

/** The options of a Deno that runs the bundle. */
const options = [
  ...permissions,
  // Deno would read all that any subcommand imports, before the first one begins.
  "--unstable-lazy-dynamic-imports",
  `--v8-flags=${[...v8Options, ...v8OptionsWithCache].join(",")}`,
];

/**
 * A shell script of this folder that becomes a Deno with the bundle, its marks `@NAME@` replaced:
 * `@LAUNCH@` by the part that all such scripts share, `launch.sh`, and `@OPTIONS@` by the options of
 * the Deno. A mark without a value stays.
 *
 * @param values the values of the other marks; `COMPILED`, the folder where the Deno keeps compiled
 *   code, is one of them, and may use the script's variables
 */
export async function launcher(
  name: string,
  values: Readonly<Record<"COMPILED" | "VERSION", string> & Record<string, string>>,
): Promise<string> {
  const text = async (name: string) => await Deno.readTextFile(new URL(name, import.meta.url));
  const script = (await text(name)).replace("@LAUNCH@", (await text("launch.sh")).trim());
  const all: Record<string, string> = { ...values, OPTIONS: options.join(" ") };
  return script.replace(/@([A-Z]+)@/g, (mark, name) => all[name] ?? mark);
}
