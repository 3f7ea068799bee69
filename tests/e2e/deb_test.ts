// The Debian package on a server that systemd runs: installed, upgraded, removed and purged.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { makeLan } from "../lab/lan.ts";
import { resultOf } from "../lab/compile.ts";
import { canBootMachines, SystemdMachine } from "../lab/systemd_machine.ts";

const script = new URL("../../scripts/deb.ts", import.meta.url).pathname;

/** Makes the package in a folder that machines see; they have a /tmp of their own. */
async function makePackage(folder: string): Promise<string> {
  const output = `${folder}/failover.deb`;
  const args = ["run", "--quiet", "-P", script, "--level", "0", "--output", output];
  const { code, err } = await resultOf(Deno.execPath(), args);
  assertEquals(code, 0, err);
  return output;
}

const hasLintian = await isThere("lintian");

const legion = `[uwsgi]
legion = one 127.0.0.1:2000 10 aes-256-cbc:@(/etc/failover.secret)
legion-quorum = one 1
legion-lord = one log:has come
legion-unlord = one log:has gone
`;

Deno.test({
  name: "the Debian package: installed, upgraded while the lord stays lord, removed, purged",
  ignore: !canBootMachines,
  async fn(t) {
    await using made = new AsyncDisposableStack();
    const folder = await Deno.makeTempDir({ dir: "/var/tmp" });
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const file = await makePackage(folder);
    await t.step({
      name: "lintian finds nothing",
      ignore: !hasLintian,
      async fn() {
        const args = ["--fail-on", "error,warning", "--allow-root", file];
        const { code, out, err } = await resultOf("lintian", args);
        assertEquals([code, out], [0, ""], err);
      },
    });
    const lan = made.use(await makeLan(1));
    const machine = made.use(await SystemdMachine.boot(lan.on(0)));
    const on = (text: string) => machine.run("sh", "-euc", text);
    const property = async (name: string) =>
      (await machine.run("systemctl", "show", "-p", name, "--value", "failover")).trim();
    const dpkg = (...args: string[]) =>
      machine.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", ...args);

    // An image for containers forbids packages to start and stop services; a server does not.
    await on("rm -f /usr/sbin/policy-rc.d");
    const installed = await dpkg("-i", file);
    assertStringIncludes(installed, "failover: next: failover init");
    assertEquals(await property("UnitFileState"), "enabled");
    // Without a configuration there is nothing to run, and that is no failure.
    assertEquals([await property("ActiveState"), await property("ConditionResult")], [
      "inactive",
      "no",
    ]);
    assertMatch(await on("su -s /bin/sh nobody -c 'failover version'"), /^failover \d/);
    assertEquals(await on("failover systemd | diff - /lib/systemd/system/failover.service"), "");
    // Nobody but root may write to what all users run.
    assertEquals(
      await on("find /usr/lib/failover /var/cache/failover ! -user root -o -perm /022"),
      "",
    );
    for (const shown of ["man failover", "man failover.ini"]) {
      assertMatch(await on(`${shown} | head -1`), /^FAILOVER/);
    }
    assertStringIncludes(
      await on("cat /usr/share/doc/failover/examples/failover.ini"),
      "hetzner-failoverip:",
    );

    // The files that root makes by "failover init" are the node's own, and so are those that it was
    // handed, as scp leaves them.
    await on(
      "install -m 600 /dev/stdin /etc/failover.password < /etc/hostname; " +
        "install -o failover -m 600 /etc/failover.password /etc/failover.token; " +
        "failover init --addresses 1.1.1.1,2.2.2.2,3.3.3.3 --me 1.1.1.1 --ip 4.4.4.4 --user FOO",
    );
    assertEquals(
      await on("stat -c '%U %a' /etc/failover.ini /etc/failover.secret /etc/failover.password"),
      Array(3).fill("failover 600").join("\n"),
    );
    await machine.run("sh", "-euc", 'printf "%s" "$1" > /etc/failover.ini', "sh", legion);
    await on("systemctl start failover");
    await on("timeout 60 sh -c 'until failover status --check; do sleep 0.2; done'");
    const before = await property("MainPID");

    // A drop-in gives the package's unit the rights for "address:".
    await on("mkdir -p /etc/systemd/system/failover.service.d");
    const dropIn = "/etc/systemd/system/failover.service.d/address.conf";
    await on(`failover systemd --address > ${dropIn} && systemctl daemon-reload`);
    assertEquals(await property("AmbientCapabilities"), "cap_net_admin cap_net_raw");
    assertMatch(await property("RestrictAddressFamilies"), /AF_INET .*AF_PACKET/);
    assertMatch(await property("ExecStopPost"), /path=\/usr\/bin\/failover /);
    await on("failover doctor | grep 'unit: .* is current'");

    // The same version again: dpkg takes the same steps as for another one.
    await dpkg("-i", file);
    assertEquals(await property("ActiveState"), "active");
    assert(await property("MainPID") !== before, "the new program does not run");
    assertMatch(await on("failover status"), /this node is the lord/);
    const log = await machine.run("journalctl", "-u", "failover", "-o", "cat");
    assert(!log.includes("has gone"), log);
    // The node reads what was compiled at the installation: it could not write there.
    assertEquals(await on("find /var/cache/failover ! -user root"), "");

    await dpkg("-r", "failover");
    const journal = () => machine.run("journalctl", "-u", "failover", "-n", "40", "-o", "cat");
    assertEquals(await property("ActiveState"), "inactive", await journal());
    assertEquals(await on("ls /etc/failover.* | wc -l"), "4");
    assertEquals(await on("ls -d /usr/lib/failover /var/cache/failover 2> /dev/null || true"), "");

    await dpkg("-P", "failover");
    const left = "/etc/failover.* /run/failover /var/lib/failover";
    assertEquals(await on(`ls -d ${left} 2> /dev/null || true`), "");
    assertEquals(await on("getent passwd failover || echo none"), "none");
    assertEquals(await property("LoadState"), "not-found");
  },
});

async function isThere(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
