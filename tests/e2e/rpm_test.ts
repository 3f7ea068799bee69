// The package for Fedora and RHEL, on a server that systemd runs: installed, upgraded and erased.
// The server is Debian's, where the names of what it needs are others.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { version } from "../../lib/cli/version.ts";
import { resultOf } from "../lab/compile.ts";
import { hasCommand } from "../lab/missing.ts";
import { oldVersion, PackagedServer, twoPackages } from "../lab/packaged_server.ts";
import { canBootMachines } from "../lab/systemd_machine.ts";

const filters = fileURLToPath(new URL("../../scripts/rpm/rpmlintrc", import.meta.url));

Deno.test({
  name: "the package for Fedora: installed, upgraded while the lord stays lord, erased",
  ignore: !canBootMachines || !await hasCommand("rpmbuild"),
  async fn(t) {
    await using packages = await twoPackages("rpm");
    await t.step({
      name: "rpmlint finds nothing",
      ignore: !await hasCommand("rpmlint"),
      async fn() {
        const { out, err } = await resultOf("rpmlint", ["-r", filters, packages.new]);
        assertMatch(out, /\b0 errors, 0 warnings\b/, err);
      },
    });
    const asked = await resultOf("rpm", ["-qp", "--requires", packages.new]);
    // As old as RHEL 8.
    const glibc = [...asked.out.matchAll(/GLIBC_2\.(\d+)\)/g)].map(([, minor]) => Number(minor));
    assertEquals(Math.max(...glibc), 27, asked.out);
    await using server = await PackagedServer.boot();
    const rpm = "rpm --force-debian --nodeps";

    // Fedora enables no service of its own accord.
    await server.on("mkdir -p /etc/systemd/system-preset");
    await server.on("echo 'disable *' > /etc/systemd/system-preset/99-default.preset");
    const installed = await server.on(`${rpm} -i ${packages.old} 2>&1`);
    assertStringIncludes(installed, "failover: next: failover init");
    assertEquals(await server.property("UnitFileState"), "disabled");
    await server.isInstalled(oldVersion, "/usr/lib/systemd/system/failover.service");
    await server.becomesLord();
    await server.on("systemctl enable --quiet failover");
    await server.upgradesAsLord(`${rpm} -U ${packages.new} 2>&1`);
    assertEquals(await server.property("UnitFileState"), "enabled");
    assertEquals(await server.on("rpm -q --qf '%{VERSION}' failover"), version);
    await server.isRemoved(`${rpm} -e failover`);
    assertEquals(await server.property("LoadState"), "not-found");
    // There is no purge: what the administrator has made, and the user who owns it, stay.
    assertStringIncludes(await server.on("getent passwd failover"), "failover");
  },
});
