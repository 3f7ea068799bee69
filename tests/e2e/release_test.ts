// `deno task release`, from two checkouts in different folders.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Kind, packageFile, packagers } from "../../scripts/_packages.ts";
import { ownTarget } from "../../scripts/_targets.ts";
import { version } from "../../lib/cli/version.ts";
import { makeCheckout, runScript } from "../lab/checkout.ts";
import { resultOf } from "../lab/compile.ts";
import { hasCommand } from "../lab/missing.ts";

const root = new URL("../../", import.meta.url).pathname;

Deno.test("release: two checkouts give the same bytes, with their sums and bill of materials", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [first, again] = await Promise.all(["one", "a/longer/path"].map(async (name) => {
      const checkout = `${folder}/${name}`;
      await makeCheckout(checkout);
      // No runtime, but an executable that one can be put into.
      const env = { SOURCE_DATE_EPOCH: "1700000000", DENORT_BIN: "/bin/true" };
      await runScript(checkout, "release", ["--level", "0"], env);
      return `${checkout}/dist/release`;
    }));
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
      [...wanted, `${name}.cdx.json`],
    );
    for (const [kind, { tool }] of Object.entries(packagers)) {
      if (!await hasCommand(tool)) continue;
      assert(packages.includes(packageFile(kind as Kind, ownTarget!)!), packages.join());
    }
    const bill = JSON.parse(await Deno.readTextFile(`${first}/${name}.cdx.json`));
    const components = bill.components.map(({ name }: { name: string }) => name);
    assertEquals(components, [
      "deno",
      "ciphers",
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
