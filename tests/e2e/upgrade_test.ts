// An upgrade as README has it: `failover restart` on each of three servers, which systemd runs.
import { assertEquals, assertMatch } from "@std/assert";
import type { Stats } from "../../lib/status/report.ts";
import { installNode, makeExecutables } from "../lab/install.ts";
import { type Lan, makeLan } from "../lab/lan.ts";
import { TestProcess } from "../lab/process.ts";
import { account, failoverAddress, RobotProcess } from "../lab/robot_process.ts";
import { runCommand } from "../lab/run_command.ts";
import { canBootMachines, SystemdMachine } from "../lab/systemd_machine.ts";

function configuration(lan: Lan, robot: RobotProcess, index: number): string {
  const others = lan.addresses.filter((_, other) => other !== index);
  const action =
    `username=${account.username},password=${account.password},ip=${failoverAddress},` +
    `active_ip=${lan.addresses[index]},url=${robot.url}`;
  return [
    "[uwsgi]",
    `legion = failover ${lan.addresses[index]}:2000 ${30 - index} bf-cbc:secret1`,
    ...others.map((address) => `legion-node = failover ${address}:2000`),
    "legion-quorum = failover 2",
    "legion-freq = 1",
    // Far above what a restart takes, since other tests keep the processors busy.
    "legion-tolerance = 10",
    `legion-lord = failover hetzner-failoverip:${action}`,
    "",
  ].join("\n");
}

/** Waits until a node says that all is well. */
async function isWell(machine: SystemdMachine): Promise<void> {
  const check = "until failover status --check; do sleep 0.2; done";
  await machine.run("timeout", "60", "sh", "-c", check);
}

/** Waits until another process of a node runs than the one with this id. */
async function runsAgain(machine: SystemdMachine, pid: number): Promise<void> {
  const property = (name: string) => `$(systemctl show --property ${name} --value failover)`;
  const other = `[ "${property("MainPID")}" != ${pid} ] && [ ${property("ActiveState")} = active ]`;
  await machine.run("timeout", "20", "sh", "-c", `until ${other}; do sleep 0.1; done`);
}

async function statsOf(machine: SystemdMachine): Promise<Stats> {
  return JSON.parse(await machine.run("failover", "status", "--json"));
}

Deno.test({
  name: "three servers are upgraded in any order: the address stays, and a client loses nothing",
  ignore: !canBootMachines,
  async fn() {
    await using made = new AsyncDisposableStack();
    const folder = await makeExecutables();
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const lan = made.use(await makeLan(3));
    const robot = made.use(await RobotProcess.start(lan, { switchMs: 100 }));
    const machines = await Promise.all(
      [0, 1, 2].map(async (index) => made.use(await SystemdMachine.boot(lan.on(index)))),
    );
    for (const index of [0, 1, 2]) {
      await machines[index].run("ip", "address", "add", `${failoverAddress}/32`, "dev", "lo");
    }
    await Promise.all(
      machines.map((machine, index) =>
        installNode(machine, `${folder}/old`, index, configuration(lan, robot, index))
      ),
    );
    await Promise.all(machines.map(isWell));
    assertEquals(robot.activeServerIp, lan.addresses[0]);
    const route = ["ip", "route", "add", failoverAddress, "via", lan.addresses[0]];
    await runCommand([...lan.on("switch"), ...route]);
    const script = new URL("../lab/knocker.ts", import.meta.url).pathname;
    const knock = [Deno.execPath(), "run", "--quiet", "-P", script, failoverAddress];
    const [command, ...args] = [...lan.on("switch"), ...knock];
    const client = made.use(new TestProcess({ name: "client", command, args }));
    await client.line(/^knocking$/);
    const before = await Promise.all(machines.map(statsOf));
    const uuids = before.map(({ legions }) => legions[0].uuid);

    // Nothing but the command is waited for.
    for (const index of [2, 0, 1]) {
      const upgrade = `install -m 755 ${folder}/new /usr/local/bin/failover && failover restart`;
      const said = await machines[index].run("sh", "-c", upgrade);
      const part = index === 0 ? "lord of" : "follower in";
      assertMatch(said, RegExp(`^restarted in \\d\\.\\d\\d s: ${part} failover again$`));
    }
    const upgraded = await statsOf(machines[0]);
    await machines[0].run("systemctl", "kill", "--signal", "KILL", "failover");
    await runsAgain(machines[0], upgraded.pid);
    await Promise.all(machines.map(isWell));
    const { pid } = await statsOf(machines[0]);
    assertEquals(await machines[0].run("ps", "-o", "ni=", "-p", `${pid}`), "-5");

    const after = await Promise.all(machines.map(statsOf));
    assertEquals(after.map(({ legions }) => legions[0].uuid), uuids);
    assertEquals(after.map(({ legions }) => legions[0].state), ["lord", "follower", "follower"]);
    assertEquals(robot.asked.map(({ to }) => to), [lan.addresses[0]]);
    assertEquals(await client.end("SIGTERM"), 0);
    assertEquals(client.lines.filter((line) => line.startsWith("lost")), []);
    assertMatch(client.lines.at(-1) ?? "", /^\d{2,} answers$/);
  },
});
