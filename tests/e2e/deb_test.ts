// The Debian package on a server that systemd runs: installed, upgraded, removed and purged.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { version } from "../../lib/cli/version.ts";
import { resultOf } from "../lab/compile.ts";
import { hasCommand } from "../lab/missing.ts";
import { oldVersion, PackagedServer, twoPackages } from "../lab/packaged_server.ts";
import { canBootMachines } from "../lab/systemd_machine.ts";

Deno.test({
  name: "the Debian package: installed, upgraded while the lord stays lord, removed, purged",
  ignore: !canBootMachines,
  async fn(t) {
    await using packages = await twoPackages("deb");
    await t.step({
      name: "lintian finds nothing",
      ignore: !await hasCommand("lintian"),
      async fn() {
        const args = ["--fail-on", "error,warning", "--allow-root", packages.new];
        const { code, out, err } = await resultOf("lintian", args);
        assertEquals([code, out], [0, ""], err);
      },
    });
    await using server = await PackagedServer.boot();
    const dpkg = "DEBIAN_FRONTEND=noninteractive dpkg";

    // An image for containers forbids packages to start and stop services; a server does not.
    await server.on("rm -f /usr/sbin/policy-rc.d");
    const installed = await server.on(`${dpkg} -i ${packages.old}`);
    assertStringIncludes(installed, "failover: next: failover init");
    assertEquals(await server.property("UnitFileState"), "enabled");
    assertEquals(await server.property("ConditionResult"), "no");
    await server.isInstalled(oldVersion, "/lib/systemd/system/failover.service");
    await server.becomesLord();
    await server.getsRightsForAddresses();
    await server.upgradesAsLord(`${dpkg} -i ${packages.new}`);
    assertEquals(await server.on("dpkg-query -W -f '${Version}' failover"), version);
    await server.isRemoved(`${dpkg} -r failover`);

    await server.on(`${dpkg} -P failover`);
    const left = "/etc/failover.* /run/failover /var/lib/failover";
    assertEquals(await server.on(`ls -d ${left} 2> /dev/null || true`), "");
    assertEquals(await server.on("getent passwd failover || echo none"), "none");
    assertEquals(await server.property("LoadState"), "not-found");
  },
});
