import { command } from "./_command.ts";
import {
  fill,
  gzip,
  type Layout,
  maintainerOf,
  type PackageOptions,
  packageText,
  source,
} from "./_package.ts";
import { put, settle, treeOf } from "./_tree.ts";

const layout: Layout = {
  program: "usr/lib/failover",
  units: "lib/systemd/system",
  zsh: "usr/share/zsh/vendor-completions",
};

/**
 * Makes a Debian package.
 *
 * @throws Error with the output of `dpkg-deb`, or of another command
 */
export async function deb(options: PackageOptions): Promise<void> {
  const { builtAtSeconds, level, output } = options;
  const root = await Deno.makeTempDir({ prefix: "failover-deb-" });
  try {
    await fill(root, layout, options);
    const doc = "usr/share/doc/failover";
    await put(root, `${doc}/copyright`, await source("deb/copyright"));
    await put(root, `${doc}/changelog.gz`, await gzip(changelog(options)));
    const overrides = "usr/share/lintian/overrides/failover";
    await put(root, overrides, await source("deb/lintian-overrides"));
    await describe(root, options);
    await settle(root, builtAtSeconds);
    const pack = ["--root-owner-group", "-Zxz", `-z${level}`, "--build", root, output];
    await command("dpkg-deb", pack, { env: { SOURCE_DATE_EPOCH: `${builtAtSeconds}` } });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Adds what dpkg needs to know. */
async function describe(root: string, options: PackageOptions): Promise<void> {
  const { files } = await treeOf(root);
  const sizes = await Promise.all(
    files.map(async (name) => (await Deno.stat(`${root}/${name}`)).size),
  );
  const kibibytes = sizes.reduce((sum, size) => sum + Math.ceil(size / 1024), 0);
  const values = {
    ARCHITECTURE: options.target.deb!,
    SIZE: `${kibibytes}`,
    // Each line begins with a space, and an empty one is a full stop.
    DESCRIPTION: (await source("package/description")).trimEnd().replace(/^$/gm, ".")
      .replace(/^/gm, " "),
  };
  await put(root, "DEBIAN/md5sums", await command("md5sum", files, { cwd: root }));
  await put(root, "DEBIAN/control", await packageText("deb/control", options, values));
  for (const name of ["postinst", "prerm", "postrm"]) {
    await put(root, `DEBIAN/${name}`, await packageText(`deb/${name}`, options), 0o755);
  }
}

function changelog(options: PackageOptions): string {
  const { version, builtAtSeconds } = options;
  const at = new Date(builtAtSeconds * 1000).toUTCString().replace(/ GMT$/, " +0000");
  return `failover (${version}) stable; urgency=medium

  * Version ${version}; what has changed is in CHANGELOG.md.

 -- ${maintainerOf(options)}  ${at}
`;
}
