import { join } from "node:path";
import { command } from "./_command.ts";
import { fill, type Layout, type PackageOptions, packageText, source } from "./_package.ts";
import { packageFile } from "./_packages.ts";
import { put, settle, treeOf } from "./_tree.ts";

const layout: Layout = {
  // SELinux lets others than root run what is here, and not what is in /usr/lib.
  program: "usr/libexec/failover",
  units: "usr/lib/systemd/system",
  zsh: "usr/share/zsh/site-functions",
};

/**
 * Makes a package for Fedora, RHEL and their kin.
 *
 * @throws Error with the output of `rpmbuild`
 */
export async function rpm(options: PackageOptions): Promise<void> {
  const { target, builtAtSeconds, level, output } = options;
  const work = await Deno.makeTempDir({ prefix: "failover-rpm-" });
  try {
    const root = join(work, "root");
    await fill(root, layout, options);
    await put(root, "usr/share/licenses/failover/LICENSE", await source("../LICENSE"));
    await settle(root, builtAtSeconds);
    const values = {
      LEVEL: `${level}`,
      ROOT: root,
      FILES: await filesIn(root),
      // As in: Sun Nov 29 2026.
      DATE: new Date(builtAtSeconds * 1000).toUTCString()
        .replace(/^(\w+), (\d+) (\w+) (\d+).*/, "$1 $3 $2 $4"),
    };
    const spec = join(work, "failover.spec");
    await Deno.writeTextFile(spec, await packageText("rpm/failover.spec", options, values));
    const args = ["-bb", "--target", `${target.rpm}-linux`, "--define", `_topdir ${work}`, spec];
    // No macros of the user's own.
    const env = { HOME: work, SOURCE_DATE_EPOCH: `${builtAtSeconds}` };
    await command("rpmbuild", args, { env });
    const made = join(work, "RPMS", target.rpm!, packageFile("rpm", target)!);
    await Deno.copyFile(made, output);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** All files, and the folders of the package's own, as a spec lists them. */
async function filesIn(root: string): Promise<string> {
  const { folders, files } = await treeOf(root);
  const own = folders.filter((path) => path.split("/").includes("failover"));
  const lines = files.map((path) => {
    const kind = /^usr\/share\/(doc|licenses)\//.exec(path)?.[1] ?? "";
    return `${{ doc: "%doc ", licenses: "%license " }[kind] ?? ""}/${path}`;
  });
  return ["%defattr(-,root,root)", ...own.map((path) => `%dir /${path}`), ...lines].join("\n");
}
