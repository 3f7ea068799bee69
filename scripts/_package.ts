import { join } from "node:path";
import { packagedPath } from "../lib/cli/self.ts";
import { launcher } from "./_launcher.ts";
import { permissions } from "./_permissions.ts";
import type { Target } from "./_targets.ts";
import { put } from "./_tree.ts";

/** The options for making a package. */
export interface PackageOptions {
  /** The folder that `bundle` has filled. */
  readonly folder: string;
  /** The machine that the package is for. */
  readonly target: Target;
  /** The path of the Deno to put in, made for that machine. */
  readonly deno: string;
  /** The version of the program. */
  readonly version: string;
  /** The person or group that answers for the package, `NAME <ADDRESS>`; undefined: the authors. */
  readonly maintainer?: string;
  /** The time of the build, in seconds since 1970: the date of all files. */
  readonly builtAtSeconds: number;
  /** How hard xz tries, from 0 to 9. */
  readonly level: number;
  /** The path of the package. */
  readonly output: string;
}

/** The folders that kinds of packages have in different places: paths without the first slash. */
export interface Layout {
  /** The folder of the program. */
  readonly program: string;
  /** The folder of systemd's units. */
  readonly units: string;
  /** The folder of the completions of zsh. */
  readonly zsh: string;
}

/** The commented configuration that packages show, of the first of three servers. */
const exampleServer = [
  ...["--addresses", "1.1.1.1,2.2.2.2,3.3.3.3", "--me", "1.1.1.1"],
  ...["--ip", "4.4.4.4", "--user", "FOO"],
];

/**
 * Fills a folder with the files of every kind of package: the program in its portable form,
 * unpacked, with the unit, its user, man pages, completions and an example.
 */
export async function fill(root: string, layout: Layout, options: PackageOptions): Promise<void> {
  const { folder, deno, version } = options;
  const ask = asker(folder);
  const { program } = layout;
  // Under this name lists of processes show a `failover`.
  await put(root, `${program}/failover`, await Deno.readFile(deno), 0o755);
  for await (const { name } of Deno.readDir(folder)) {
    await put(root, `${program}/${name}`, await Deno.readFile(join(folder, name)));
  }
  const marks = { VERSION: version, COMPILED: "/var/cache/failover/deno", PROGRAM: `/${program}` };
  await put(root, "usr/bin/failover", await launcher("package/program.sh", marks), 0o755);
  await put(root, `${layout.units}/failover.service`, await ask("systemd"));
  await put(root, "usr/lib/sysusers.d/failover.conf", await source("package/sysusers.conf"));
  const share = "usr/share";
  await put(root, `${share}/man/man1/failover.1.gz`, await gzip(await ask("man")));
  const file = `${share}/man/man5/failover.ini.5.gz`;
  await put(root, file, await gzip(await ask("man", "failover.ini")));
  const bash = `${share}/bash-completion/completions/failover`;
  await put(root, bash, await ask("completions", "bash"));
  await put(root, `${layout.zsh}/_failover`, await ask("completions", "zsh"));
  const fish = `${share}/fish/vendor_completions.d/failover.fish`;
  await put(root, fish, await ask("completions", "fish"));
  const doc = `${share}/doc/failover`;
  await put(root, `${doc}/CHANGELOG.md.gz`, await gzip(await source("../CHANGELOG.md")));
  await put(root, `${doc}/examples/failover.ini`, await example(ask));
}

/**
 * A file for those who install a package, its marks replaced that all kinds of packages share: the
 * version, the maintainer, what it is, and what is done after the files are there.
 *
 * @param path the file's path, from this folder on
 * @param values the values of further marks `@NAME@`
 */
export async function packageText(
  path: string,
  options: PackageOptions,
  values: Readonly<Record<string, string>> = {},
): Promise<string> {
  const all: Record<string, string> = {
    VERSION: options.version,
    MAINTAINER: maintainerOf(options),
    SUMMARY: "IP failover for dedicated servers",
    DESCRIPTION: await source("package/description"),
    PREPARE: await source("package/prepare.sh"),
    RESTART: await source("package/restart.sh"),
    ...values,
  };
  return (await source(path)).replace(/^( *)(.*@[A-Z]+@.*)$/gm, (_, indent, line: string) => {
    const filled = line.replace(/@([A-Z]+)@/g, (_, name) => all[name].trimEnd());
    return indent + filled.replace(/\n(?!\n)/g, `\n${indent}`);
  });
}

/** The person or group that answers for a package. */
export function maintainerOf({ maintainer }: PackageOptions): string {
  return maintainer ?? "the failover authors <authors@failover.invalid>";
}

/** A file of this folder. */
export async function source(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, import.meta.url));
}

/** Asks the program of a bundle, as the package installs it; the result is its output. */
type Ask = (...args: string[]) => Promise<string>;

function asker(folder: string): Ask {
  return async (...args) => {
    const own = ["run", "--quiet", "--no-config", "--no-lock", ...permissions, `${folder}/main.js`];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...own, packagedPath, ...args],
    }).output();
    if (!success) {
      throw new Error(`failover ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    }
    return new TextDecoder().decode(stdout);
  };
}

/** The configuration that `failover init` writes, with the package's paths. */
async function example(ask: Ask): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/failover.password`, "PASSWORD\n", { mode: 0o600 });
    await ask("init", ...exampleServer, "--config", `${folder}/failover.ini`);
    return (await Deno.readTextFile(`${folder}/failover.ini`)).replaceAll(folder, "/etc");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** As `gzip -9n`: neither the date nor the name of the file gets into it. */
export async function gzip(text: string): Promise<Uint8Array> {
  const child = new Deno.Command("gzip", { args: ["-9n"], stdin: "piped", stdout: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  const written = writer.write(new TextEncoder().encode(text)).then(() => writer.close());
  const [{ stdout }] = await Promise.all([child.output(), written]);
  return stdout;
}
