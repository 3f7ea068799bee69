// Who may ask a node that systemd runs, and give it orders: root, a member of its group, and a stranger.
import { assertEquals, assertMatch } from "@std/assert";
import { installNode, makeExecutables } from "../lab/install.ts";
import { makeLan } from "../lab/lan.ts";
import { resultOf } from "../lab/compile.ts";
import { canBootMachines, SystemdMachine } from "../lab/systemd_machine.ts";

Deno.test({
  name:
    "a member of the group asks, and neither gives orders nor reads secrets; a stranger is told how",
  ignore: !canBootMachines,
  async fn() {
    await using made = new AsyncDisposableStack();
    const folder = await makeExecutables();
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const lan = made.use(await makeLan(1));
    const machine = made.use(await SystemdMachine.boot(lan.on(0)));
    const config = `[uwsgi]\nlegion = one :2000 10 bf-cbc:secret1\nlegion-freq = 0.2\n`;
    await installNode(machine, `${folder}/old`, 0, config);
    await machine.run("useradd", "--system", "nagios");
    await machine.run("useradd", "--system", "stranger");
    await machine.run("usermod", "-aG", "failover", "nagios");
    await machine.run(
      "timeout",
      "60",
      "sh",
      "-c",
      "until failover status --check; do sleep 0.2; done",
    );
    const as = (user: string, ...words: string[]) => {
      const login = ["setpriv", "--reuid", user, "--regid", user, "--init-groups"];
      const [command, ...args] = [...machine.on, ...login, ...words];
      return resultOf(command, args);
    };
    const modes = await machine.run("sh", "-c", "stat -c '%a %U:%G %n' /run/failover/0.*");
    assertEquals(modes.split("\n"), [
      "600 failover:failover /run/failover/0.0.0.0:2000.control",
      "660 failover:failover /run/failover/0.0.0.0:2000.status",
    ]);

    const asked = await as("nagios", "failover", "status", "--check");
    assertEquals([asked.code, asked.out.slice(0, 13)], [0, "FAILOVER OK -"], asked.err);
    // The lines of the manual, in the environments that cron and NRPE give, for a program that no
    // package has brought.
    const installed = (line: string) =>
      line.replace("/usr/bin/failover", "/usr/local/bin/failover");
    const bare = ["env", "-i", "PATH=/usr/bin:/bin", "sh", "-c"];
    const manual = await Deno.readTextFile("lib/manual/monitoring.md");
    const [, cron] = /^\*\/5 \* \* \* \* root (.*)$/m.exec(manual)!;
    assertEquals(await machine.run(...bare, installed(cron)), "");
    const [, nrpe] = /^command\[failover\]=(.*)$/m.exec(manual)!;
    const told = await as("nagios", ...bare, installed(nrpe));
    assertEquals([told.code, told.out.slice(0, 13)], [0, "FAILOVER OK -"], told.err);

    const order = await as("nagios", "failover", "drain", "--force");
    assertEquals([order.code, order.err], [
      1,
      "failover drain: no right to give orders at /run/failover/0.0.0.0:2000.control: " +
      "its owner failover and root may; use sudo\n",
    ]);
    assertEquals((await as("nagios", "cat", "/etc/failover.ini")).code, 1);

    const check = await as("stranger", "failover", "status", "--check");
    assertEquals(check.code, 3, check.err);
    assertMatch(
      check.out,
      /^FAILOVER UNKNOWN - no right to ask at \S+\.status: its group failover may \(usermod -aG failover stranger, /,
    );

    // The service's own user, and root, whatever has become of the configuration.
    await machine.run("rm", "/etc/failover.ini");
    assertEquals((await as("failover", "failover", "drain", "--force", "--timeout", "1")).code, 75);
    assertMatch(await machine.run("failover", "resume"), /^one: resumed, was drained by /);
  },
});
