// Makes the executable: `deno task compile`.
import { errorMessage } from "../lib/base/error_message.ts";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expectNothing, parseOptions } from "../lib/cli/options.ts";
import { UsageError } from "../lib/cli/usage_error.ts";
import { version } from "../lib/cli/version.ts";
import { ownBuild } from "./_build.ts";
import { bundle } from "./_bundle.ts";
import { denoFor } from "./_deno_for.ts";
import { native, NativeError } from "./_native.ts";
import { portable } from "./_portable.ts";
import { sha256 } from "./_sha256.ts";
import { ownTarget, type Target, targetOf, targets } from "./_targets.ts";

const help = `deno task compile [OPTIONS]

Makes dist/failover, the program in one file that needs nothing else. It has one of two forms:

  native    by "deno compile", which downloads its runtime, or takes the one that DENORT_BIN names
  portable  a shell script that unpacks the deno at hand and the program into a cache folder once

Without an option it is native, or portable where the runtime cannot be downloaded.

Options:
  --native              This form, and no other
  --portable            This form, and no other
  --target TARGET       ${targets.map(({ name }) => name).join(", ")}; without it, this machine
  --deno FILE           For the portable form: the deno to put in, instead of the one at hand; for
                        another machine npm has it
  --output FILE         Instead of dist/failover, or dist/failover-TARGET
  --patience SECONDS    How long "deno compile" may take, its download included: 120
`;

/** The wish of a command line. */
interface Wish {
  readonly form: "native" | "portable" | "any";
  readonly target: Target;
  readonly deno?: string;
  readonly output: string;
  readonly patienceMs: number;
}

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) return console.log(help.trimEnd());
  const wish = understand(args);
  const build = await ownBuild();
  await Deno.mkdir(dirname(wish.output), { recursive: true });
  const folder = await Deno.makeTempDir({ prefix: "failover-bundle-" });
  try {
    await bundle(folder, build);
    const form = await replace(wish, folder);
    const bytes = await Deno.readFile(wish.output);
    console.log(`${wish.output}: the ${form} form for ${wish.target.name}
version ${version}, commit ${build.commit}, built ${build.builtAt}
size ${bytes.length} bytes (${(bytes.length / 1e6).toFixed(1)} MB)
SHA-256 ${await sha256(bytes)}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function understand(args: readonly string[]): Wish {
  const options = parseOptions(args, help);
  expectNothing(options.rest);
  const target = targetOf(options.value("target"));
  if (options.flag("native") && options.flag("portable")) {
    throw new UsageError("--native or --portable, not both");
  }
  const patience = Number(options.value("patience") ?? 120);
  if (!(patience > 0)) throw new UsageError("--patience takes a number of seconds");
  const file = target === ownTarget ? "dist/failover" : `dist/failover-${target.name}`;
  return {
    form: options.flag("native") ? "native" : options.flag("portable") ? "portable" : "any",
    target,
    deno: options.value("deno"),
    output: resolve(
      options.value("output") ?? fileURLToPath(new URL(`../${file}`, import.meta.url)),
    ),
    patienceMs: patience * 1000,
  };
}

/**
 * Makes the executable beside an earlier one, then replaces that: `deno compile` overwrites no
 * foreign file.
 */
async function replace(wish: Wish, folder: string): Promise<"native" | "portable"> {
  const output = `${wish.output}.${Deno.pid}`;
  try {
    const form = await make({ ...wish, output }, folder);
    await Deno.rename(output, wish.output);
    return form;
  } finally {
    await Deno.remove(output).catch(() => {});
  }
}

/** Makes the executable in the first form that works; the result names the form. */
async function make(wish: Wish, folder: string): Promise<"native" | "portable"> {
  const { form, target, output, patienceMs } = wish;
  if (form !== "portable") {
    try {
      await native({ folder, target, output, patienceMs });
      return "native";
    } catch (error) {
      // A user who names a runtime wants that one.
      const asked = form === "native" || Deno.env.has("DENORT_BIN");
      if (!(error instanceof NativeError) || asked) throw error;
      console.error(`${error.message}; so it will be the portable form`);
    }
  }
  const fetched = await Deno.makeTempDir({ prefix: "failover-deno-" });
  try {
    const deno = wish.deno ?? await denoFor(target, fetched);
    await portable({ folder, target, output, deno, version });
  } finally {
    await Deno.remove(fetched, { recursive: true });
  }
  return "portable";
}

try {
  await main(Deno.args);
} catch (error) {
  const usage = error instanceof UsageError;
  console.error(`compile: ${errorMessage(error)}`);
  if (usage) console.error("See: deno task compile --help");
  Deno.exit(usage ? 2 : 1);
}
