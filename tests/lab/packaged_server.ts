import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { version } from "../../lib/cli/version.ts";
import { type Kind, packagers } from "../../scripts/_packages.ts";
import { ownTarget } from "../../scripts/_targets.ts";
import { makeCheckout, runScript } from "./checkout.ts";
import { makeLan } from "./lan.ts";
import { SystemdMachine } from "./systemd_machine.ts";

/** The version that the first package of {@link twoPackages} has. */
export const oldVersion = "0.1.0";

/** Two packages of one kind, of this source, in a folder that machines see. */
export interface TwoPackages extends AsyncDisposable {
  /** The path of the package with an older version. */
  readonly old: string;
  /** The path of the package with this version. */
  readonly new: string;
}

/** Makes a package, and one that differs by its version alone. */
export async function twoPackages(kind: Kind): Promise<TwoPackages> {
  await using made = new AsyncDisposableStack();
  // Machines have a /tmp of their own.
  const folder = await Deno.makeTempDir({ dir: "/var/tmp" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const make = async (made: string) => {
    const checkout = `${folder}/${made}`;
    await makeCheckout(checkout, made);
    // A name that says something else than the package is a fault of the package.
    const output = `${folder}/${packagers[kind].name(made, ownTarget![kind]!)}`;
    await runScript(checkout, "package", [kind, "--level", "0", "--output", output]);
    return output;
  };
  const [old, current] = await Promise.all([make(oldVersion), make(version)]);
  const stack = made.move();
  return { old, new: current, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const legion = `[uwsgi]
legion = one 127.0.0.1:2000 10 aes-256-cbc:@(/etc/failover.secret)
legion-quorum = one 1
legion-lord = one log:has come
legion-unlord = one log:has gone
`;

/** A server that systemd runs, for packages to be installed on. */
export class PackagedServer implements AsyncDisposable {
  readonly #machine: SystemdMachine;
  readonly #resources: AsyncDisposableStack;

  private constructor(machine: SystemdMachine, resources: AsyncDisposableStack) {
    this.#machine = machine;
    this.#resources = resources;
  }

  /** Boots a server. */
  static async boot(): Promise<PackagedServer> {
    await using made = new AsyncDisposableStack();
    const lan = made.use(await makeLan(1));
    const machine = made.use(await SystemdMachine.boot(lan.on(0)));
    return new PackagedServer(machine, made.move());
  }

  /** Runs a shell script; the result is its output. */
  on(text: string): Promise<string> {
    return this.#machine.run("sh", "-euc", text);
  }

  /** A property of the node's service. */
  async property(name: string): Promise<string> {
    return (await this.#machine.run("systemctl", "show", "-p", name, "--value", "failover")).trim();
  }

  /** Looks at what an installation has left, before anything is configured. */
  async isInstalled(version: string, unit: string): Promise<void> {
    // Without a configuration there is nothing to run, and that is no failure.
    assertEquals(await this.property("ActiveState"), "inactive");
    assertMatch(
      await this.on("su -s /bin/sh nobody -c 'failover version'"),
      RegExp(`^failover ${version} `),
    );
    assertEquals(await this.on(`failover systemd | diff - ${unit}`), "");
    assertStringIncludes(await this.on("getent passwd failover"), "/nologin");
    // Nobody but root may write to what all users run.
    const where = "/usr/lib*/failover /var/cache/failover /usr/bin/failover";
    assertEquals(await this.on(`find ${where} ! -user root -o ! -type l -perm /022`), "");
    for (const shown of ["man failover", "man failover.ini"]) {
      assertMatch(await this.on(`${shown} | head -1`), /^FAILOVER/);
      assertStringIncludes(await this.on(`${shown} | tail -1`), version);
    }
    assertStringIncludes(
      await this.on("cat /usr/share/doc/failover/examples/failover.ini"),
      "hetzner-failoverip:",
    );
  }

  /** Configures the node as a user would, and waits until it is lord. */
  async becomesLord(): Promise<void> {
    // The files that root makes by "failover init" are the node's own, and so are those that it was
    // handed, as scp leaves them.
    await this.on(
      "install -m 600 /dev/stdin /etc/failover.password < /etc/hostname; " +
        "install -o failover -m 600 /etc/failover.password /etc/failover.token; " +
        "failover init --addresses 1.1.1.1,2.2.2.2,3.3.3.3 --me 1.1.1.1 --ip 4.4.4.4 --user FOO",
    );
    assertEquals(
      await this.on(
        "stat -c '%U %a' /etc/failover.ini /etc/failover.secret /etc/failover.password",
      ),
      Array(3).fill("failover 600").join("\n"),
    );
    await this.#machine.run("sh", "-euc", 'printf "%s" "$1" > /etc/failover.ini', "sh", legion);
    await this.on("systemctl start failover");
    await this.on("timeout 60 sh -c 'until failover status --check; do sleep 0.2; done'");
  }

  /** Gives the package's unit the rights for `address:` by a drop-in. */
  async getsRightsForAddresses(): Promise<void> {
    const folder = "/etc/systemd/system/failover.service.d";
    await this.on(
      `mkdir -p ${folder}; failover systemd --address > ${folder}/address.conf; ` +
        "systemctl daemon-reload",
    );
    assertEquals(await this.property("AmbientCapabilities"), "cap_net_admin cap_net_raw");
    assertMatch(await this.property("RestrictAddressFamilies"), /AF_INET .*AF_PACKET/);
    assertMatch(await this.property("ExecStopPost"), /path=\/usr\/bin\/failover /);
    await this.on("failover doctor | grep 'unit: .* is current'");
  }

  /** Upgrades by this command: another process runs the new version, and the lord stays lord. */
  async upgradesAsLord(command: string): Promise<void> {
    assertMatch(await this.on("failover status"), RegExp(`, version ${oldVersion},`));
    const before = await this.property("MainPID");
    const uuid = async () =>
      JSON.parse(await this.on("failover status --json")).legions[0].uuid as string;
    const is = await uuid();
    const said = await this.on(command);
    assertEquals(await this.property("ActiveState"), "active", said);
    assert(await this.property("MainPID") !== before, `the new program does not run: ${said}`);
    const status = await this.on("failover status");
    assertMatch(status, RegExp(`, version ${version.replaceAll(".", "\\.")},`));
    assertMatch(status, /this node is the lord/);
    assertEquals(await uuid(), is);
    const log = await this.on("journalctl -u failover -o cat");
    assert(!log.includes("has gone"), log);
    // The node reads what was compiled at the installation: it could not write there.
    assertEquals(await this.on("find /var/cache/failover ! -user root"), "");
  }

  /** Removes the package by this command: the service has stopped, what its owner made is there. */
  async isRemoved(command: string): Promise<void> {
    await this.on(command);
    const log = await this.on("journalctl -u failover -n 40 -o cat");
    assertEquals(await this.property("ActiveState"), "inactive", log);
    assertEquals(await this.on("ls /etc/failover.* | wc -l"), "4");
    const where = "/usr/lib*/failover /var/cache/failover /usr/bin/failover";
    assertEquals(await this.on(`ls -d ${where} 2> /dev/null || true`), "");
  }

  /** Takes the power away. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
