import { assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../lab/run.ts";

const file = new URL("../../scripts/failover.service", import.meta.url);
const canVerify = await hasSystemdAnalyze();

async function hasSystemdAnalyze(): Promise<boolean> {
  try {
    return (await new Deno.Command("systemd-analyze", { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What systemd finds wrong with a unit; it names what it does not know, and is content. */
async function verify(unit: string, dropIn = ""): Promise<string> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/failover.service`;
  await Deno.writeTextFile(path, unit);
  await Deno.mkdir(`${path}.d`);
  await Deno.writeTextFile(`${path}.d/address.conf`, dropIn);
  try {
    const args = ["verify", "--man=no", path];
    const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", { args }).output();
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    return code === 0 ? said : `${said}exit status ${code}`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("failover systemd prints the unit that is in scripts/", async () => {
  const { code, out, err } = await run(["systemd"]);
  assertEquals([code, err], [0, ""]);
  assertEquals(out, await Deno.readTextFile(file));
  assertEquals((await run(["systemd", "more"])).code, 2);
});

Deno.test("the unit's node has a cache of its own: systemd would take root's away from root", async () => {
  const unit = await Deno.readTextFile(file);
  const [, folder] = /^CacheDirectory=(.*)$/m.exec(unit) ?? [];
  assertStringIncludes(unit, `\nEnvironment=FAILOVER_CACHE_DIR=/var/cache/${folder}\n`);
  const launcher = await Deno.readTextFile(new URL("portable.sh", file));
  const [, ofRoot] = /^ *use \/var\/cache\/(\S+) /m.exec(launcher) ?? [];
  assertEquals([typeof ofRoot, folder === ofRoot], ["string", false]);
});

Deno.test("the unit's node may use and look at the network, and UNIX sockets, and nothing else", async () => {
  const unit = await Deno.readTextFile(file);
  const families = unit.match(/^RestrictAddressFamilies=.*$/gm);
  assertEquals(families, ["RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK"]);
});

Deno.test({
  name: "systemd has nothing to say against the unit",
  ignore: !canVerify,
  async fn() {
    const unit = await Deno.readTextFile(file);
    // The executable need not be installed here.
    const here = unit.replace("/usr/local/bin/failover", "/bin/true");
    assertEquals(await verify(here), "");
    const mistaken = here.replace("WatchdogSec", "WatchdocSec");
    assertStringIncludes(await verify(mistaken), "WatchdocSec");
    const missing = here.replace("/bin/kill", "/nonexistent/kill");
    assertStringIncludes(await verify(missing), "/nonexistent/kill");
  },
});

Deno.test("failover systemd --address: the rights for addresses, their removal, and no more", async () => {
  const { code, out } = await run(["systemd", "--address"]);
  assertEquals(code, 0);
  assertEquals(out.split("\n").filter((line) => line !== "" && !line.startsWith("#")), [
    "[Service]",
    "CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW",
    "AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW",
    "RestrictAddressFamilies=AF_PACKET",
    "ExecStopPost=/usr/local/bin/failover node --config /etc/failover.ini --remove-addresses",
  ]);
});

Deno.test({
  name: "systemd has nothing to say against the unit with that drop-in",
  ignore: !canVerify,
  async fn() {
    const [unit, dropIn] = [
      await Deno.readTextFile(file),
      (await run(["systemd", "--address"])).out,
    ]
      .map((text) => text.replaceAll("/usr/local/bin/failover", "/bin/true"));
    assertEquals(await verify(unit, dropIn), "");
    assertStringIncludes(await verify(unit, dropIn.replace("Ambient", "Ambiant")), "Ambiant");
  },
});
