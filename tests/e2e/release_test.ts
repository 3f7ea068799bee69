// `deno task release`, from two checkouts in different folders.
import { assertEquals, assertMatch } from "@std/assert";
import { ownTarget } from "../../scripts/_targets.ts";
import { version } from "../../lib/cli/version.ts";
import { resultOf } from "../lab/compile.ts";

const root = new URL("../../", import.meta.url).pathname;
const own = ["deno.json", "deno.lock", "main.ts", "lib", "scripts", "LICENSE", "CHANGELOG.md"];

Deno.test("release: two checkouts give the same bytes, with their sums and bill of materials", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [first, again] = await Promise.all(["one", "a/longer/path"].map(async (name) => {
      const checkout = `${folder}/${name}`;
      await Deno.mkdir(checkout, { recursive: true });
      const copied = await resultOf("cp", ["-r", ...own.map((path) => root + path), checkout]);
      assertEquals(copied.code, 0, copied.err);
      const script = `${checkout}/scripts/release.ts`;
      const args = ["run", "--quiet", "-P", "--config", `${checkout}/deno.json`, script];
      // No runtime, but an executable that one can be put into.
      const env = { SOURCE_DATE_EPOCH: "1700000000", DENORT_BIN: "/bin/true" };
      const { code, err } = await resultOf(Deno.execPath(), [...args, "--level", "0"], { env });
      assertEquals([code, err], [0, ""]);
      return `${checkout}/dist/release`;
    }));
    const sums = await Deno.readTextFile(`${first}/SHA256SUMS`);
    assertEquals(await Deno.readTextFile(`${again}/SHA256SUMS`), sums);
    const checked = await resultOf("sh", ["-c", `cd "$0" && sha256sum -c SHA256SUMS`, first]);
    assertEquals(checked.code, 0, checked.out + checked.err);
    const name = `failover-${version}`;
    const names = sums.trimEnd().split("\n").map((line) => line.split("  ")[1]);
    const wanted = [`${name}-${ownTarget!.name}`, `${name}-${ownTarget!.name}-portable`];
    assertEquals(
      names.filter((name) => !name.endsWith(".deb")),
      [...wanted, `${name}.cdx.json`],
    );
    if (Deno.build.os === "linux") assertMatch(names.join(), /failover_[\d.]+_(amd64|arm64)\.deb/);
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
