import { dirname, join } from "node:path";
import { command } from "./_command.ts";
import { launcher } from "./_launcher.ts";

/** The options for making a Debian package. */
export interface DebOptions {
  /** The folder that `bundle` has filled. */
  readonly folder: string;
  /** Debian's name for the machine. */
  readonly architecture: string;
  /** The path of the Deno to put in, made for that machine. */
  readonly deno: string;
  /** The version of the program. */
  readonly version: string;
  /** The person or group that answers for the package: `NAME <ADDRESS>`. */
  readonly maintainer: string;
  /** The time of the build, in seconds since 1970: the date of all files. */
  readonly builtAtSeconds: number;
  /** How hard xz tries, from 0 to 9. */
  readonly level: number;
  /** The output of the program of that bundle, as the package installs it. */
  readonly ask: (...args: string[]) => Promise<string>;
  /** The path of the package. */
  readonly output: string;
}

/** The commented configuration that the package shows, of the first of three servers. */
const exampleServer = [
  ...["--addresses", "1.1.1.1,2.2.2.2,3.3.3.3", "--me", "1.1.1.1"],
  ...["--ip", "4.4.4.4", "--user", "FOO"],
];

/**
 * Makes a Debian package: the program in its portable form, unpacked, with the unit, man pages,
 * completions and an example.
 *
 * @throws Error with the output of `dpkg-deb`, or of another command
 */
export async function deb(options: DebOptions): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "failover-deb-" });
  try {
    await fill(root, options);
    await seal(root, options);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function fill(root: string, options: DebOptions): Promise<void> {
  const { folder, deno, version, ask, maintainer, builtAtSeconds } = options;
  const put = async (path: string, text: string | Uint8Array, mode = 0o644) => {
    const file = join(root, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeFile(file, typeof text === "string" ? new TextEncoder().encode(text) : text);
    await Deno.chmod(file, mode);
  };
  // Under this name lists of processes show a `failover`.
  await put("usr/lib/failover/failover", await Deno.readFile(deno), 0o755);
  for await (const { name } of Deno.readDir(folder)) {
    await put(`usr/lib/failover/${name}`, await Deno.readFile(join(folder, name)));
  }
  const compiled = { VERSION: version, COMPILED: "/var/cache/failover/deno" };
  await put("usr/bin/failover", await launcher("packaged.sh", compiled), 0o755);
  await put("lib/systemd/system/failover.service", await ask("systemd"));
  const share = "usr/share";
  await put(`${share}/man/man1/failover.1.gz`, await gzip(await ask("man")));
  await put(`${share}/man/man5/failover.ini.5.gz`, await gzip(await ask("man", "failover.ini")));
  const bash = "bash-completion/completions/failover";
  await put(`${share}/${bash}`, await ask("completions", "bash"));
  await put(`${share}/zsh/vendor-completions/_failover`, await ask("completions", "zsh"));
  const fish = "fish/vendor_completions.d/failover.fish";
  await put(`${share}/${fish}`, await ask("completions", "fish"));
  const doc = `${share}/doc/failover`;
  await put(`${doc}/copyright`, await source("deb/copyright"));
  await put(`${doc}/CHANGELOG.md.gz`, await gzip(await source("../CHANGELOG.md")));
  const date = new Date(builtAtSeconds * 1000);
  const log = debianChangelog(version, maintainer, date);
  await put(`${doc}/changelog.gz`, await gzip(log));
  await put(`${doc}/examples/failover.ini`, await example(ask));
  await put(`${share}/lintian/overrides/failover`, await source("deb/lintian-overrides"));
}

/** Adds what dpkg needs to know, and packs it all. */
async function seal(root: string, options: DebOptions): Promise<void> {
  const { version, architecture, maintainer, builtAtSeconds, level, output } = options;
  const names = await filesBelow(root);
  const sizes = await Promise.all(
    names.map(async (name) => (await Deno.stat(`${root}/${name}`)).size),
  );
  const kibibytes = sizes.reduce((sum, size) => sum + Math.ceil(size / 1024), 0);
  const values: Record<string, string> = {
    VERSION: version,
    ARCHITECTURE: architecture,
    MAINTAINER: maintainer,
    SIZE: `${kibibytes}`,
  };
  const sums = await command("md5sum", names, { cwd: root });
  await Deno.mkdir(`${root}/DEBIAN`);
  await Deno.writeTextFile(`${root}/DEBIAN/md5sums`, sums);
  for (const name of ["control", "postinst", "prerm", "postrm"]) {
    const text = (await source(`deb/${name}`)).replace(/@([A-Z]+)@/g, (_, name) => values[name]);
    await Deno.writeTextFile(`${root}/DEBIAN/${name}`, text);
    await Deno.chmod(`${root}/DEBIAN/${name}`, name === "control" ? 0o644 : 0o755);
  }
  for (const name of ["", ...await all(root)]) {
    const path = `${root}/${name}`;
    if ((await Deno.stat(path)).isDirectory) await Deno.chmod(path, 0o755);
    await Deno.utime(path, builtAtSeconds, builtAtSeconds);
  }
  const pack = ["--root-owner-group", "-Zxz", `-z${level}`, "--build", root, output];
  await command("dpkg-deb", pack, { env: { SOURCE_DATE_EPOCH: `${builtAtSeconds}` } });
}

/** The configuration that `failover init` writes, with the package's paths. */
async function example(ask: DebOptions["ask"]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/failover.password`, "PASSWORD\n", { mode: 0o600 });
    await ask("init", ...exampleServer, "--config", `${folder}/failover.ini`);
    return (await Deno.readTextFile(`${folder}/failover.ini`)).replaceAll(folder, "/etc");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function debianChangelog(version: string, maintainer: string, date: Date): string {
  const at = date.toUTCString().replace(/ GMT$/, " +0000");
  return `failover (${version}) stable; urgency=medium

  * Version ${version}; what has changed is in CHANGELOG.md.

 -- ${maintainer}  ${at}
`;
}

async function source(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, import.meta.url));
}

async function filesBelow(root: string): Promise<string[]> {
  const names = await all(root);
  const isFile = await Promise.all(
    names.map(async (name) => (await Deno.stat(`${root}/${name}`)).isFile),
  );
  return names.filter((_, index) => isFile[index]);
}

/** All files and folders below a folder, by their paths in it, in one order on every machine. */
async function all(root: string, below = ""): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${root}/${below}`));
  const names = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const path = `${below}${name}`;
    return isDirectory ? [path, ...await all(root, `${path}/`)] : [path];
  }));
  return names.flat().sort();
}

/** As `gzip -9n`: neither the date nor the name of the file gets into it. */
async function gzip(text: string): Promise<Uint8Array> {
  const child = new Deno.Command("gzip", { args: ["-9n"], stdin: "piped", stdout: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  const written = writer.write(new TextEncoder().encode(text)).then(() => writer.close());
  const [{ stdout }] = await Promise.all([child.output(), written]);
  return stdout;
}
