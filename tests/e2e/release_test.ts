// `deno task release`, from two checkouts in different folders.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { kinds, packageFile, packagers } from "../../scripts/_packages.ts";
import { ownTarget } from "../../scripts/_targets.ts";
import { version } from "../../lib/cli/version.ts";
import { makeCheckout, runScript } from "../lab/checkout.ts";
import { resultOf } from "../lab/compile.ts";
import { hasCommand } from "../lab/missing.ts";

const root = new URL("../../", import.meta.url).pathname;

Deno.test("release: two checkouts at two times give the same bytes, with their sums and bill of materials", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const make = async (name: string, umask: string, more: Record<string, string>) => {
      const checkout = `${folder}/${name}`;
      await makeCheckout(checkout);
      // No runtime, but an executable that one can be put into.
      const env = { SOURCE_DATE_EPOCH: "1700000000", DENORT_BIN: "/bin/true", ...more };
      await runScript(checkout, "release", ["--level", "0"], { env, umask });
      return `${checkout}/dist/release`;
    };
    const first = await make("one", "022", { TZ: "UTC" });
    // Later, elsewhere, and by somebody else.
    const more = { TZ: "Asia/Tokyo", LC_ALL: "C.UTF-8", XZ_OPT: "-9", RPM_BUILD_NCPUS: "1" };
    const again = await make("a/longer/path", "077", more);
    const sums = await Deno.readTextFile(`${first}/SHA256SUMS`);
    assertEquals(await Deno.readTextFile(`${again}/SHA256SUMS`), sums);
    const checked = await resultOf("sh", ["-c", `cd "$0" && sha256sum -c SHA256SUMS`, first]);
    assertEquals(checked.code, 0, checked.out + checked.err);
    const name = `failover-${version}`;
    const names = sums.trimEnd().split("\n").map((line) => line.split("  ")[1]);
    const wanted = [`${name}-${ownTarget!.name}`, `${name}-${ownTarget!.name}-portable`];
    // The machine may lack what packs these.
    const packages = names.filter((name) => /\.(deb|rpm)$/.test(name));
    assertEquals(
      names.filter((name) => !packages.includes(name)),
      [...wanted, `${name}.cdx.json`, `${name}.md`],
    );
    for (const kind of kinds) {
      if (!await hasCommand(packagers[kind].tool)) continue;
      assert(packages.includes(packageFile(kind, ownTarget!)!), packages.join());
    }
    const bill = JSON.parse(await Deno.readTextFile(`${first}/${name}.cdx.json`));
    const components = bill.components.map(({ name }: { name: string }) => name);
    assertEquals(components, [
      "deno",
      "hashes",
      "aes",
      "binary",
      "blockcipher",
      "int",
      "wipe",
      "deno-std",
      "egoroof-blowfish",
      "ipaddr.js",
      "marked",
    ]);
    // Another release's files must not be taken for this one's.
    const args = ["run", "--quiet", "-P", `${root}scripts/release.ts`, "--output", first];
    const refused = await resultOf(Deno.execPath(), args);
    assertEquals([refused.code, refused.out], [2, ""]);
    assertMatch(refused.err, /is not empty/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
