// A configuration that the service's user cannot read, under systemd, and what is said of it.
import { assertEquals, assertMatch } from "@std/assert";
import type { Answer } from "../../../lib/cli/doctor/answer.ts";
import { installNode, makeExecutables } from "../../lab/install.ts";
import { makeIsland } from "../../lab/island.ts";
import { runCommand } from "../../lab/run_command.ts";
import { canBootMachines, SystemdMachine } from "../../lab/systemd_machine.ts";
import { transcribe } from "./_transcript.ts";

const configuration = `[uwsgi]
legion = web 127.0.0.1:2000 10 aes-128-cbc:secret1
legion-quorum = web 1
legion-freq = 0.5
legion-tolerance = 5
`;

Deno.test({
  name: "the service's user cannot read the configuration: log, status, check and doctor",
  ignore: !canBootMachines,
  async fn() {
    await using made = new AsyncDisposableStack();
    const folder = await makeExecutables();
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const island = made.use(await makeIsland());
    const machine = made.use(await SystemdMachine.boot(island.on));
    const sh = (script: string) => runCommand([...machine.on, "sh", "-uc", script]);
    const untilStatus = (done: string) =>
      sh(`timeout 30 sh -c '${done} failover status --check > /dev/null; do sleep 0.2; done'`);
    await installNode(machine, `${folder}/old`, 0, configuration);
    await untilStatus("until");

    const brokenMs = performance.now();
    await sh("chown root:root /etc/failover.ini; systemctl restart failover; true");
    await untilStatus("while");
    const said = {
      log: await sh("journalctl --quiet --output cat --unit failover --lines 8"),
      status: await sh("failover status 2>&1; echo exit status $?"),
      check: await sh("failover status --check; echo exit status $?"),
      doctor: await sh("failover doctor --timeout 20; true"),
    };
    const { answers } = JSON.parse(await sh("failover doctor --json --timeout 20; true")) as {
      answers: Answer[];
    };
    const wrong = answers.filter(({ sign }) => sign === "wrong");
    await transcribe("permissions", 0, said, performance.now() - brokenMs);
    assertMatch(said.log, /^\/etc\/failover\.ini: this user may not read it: namei -l shows why$/m);
    assertMatch(said.status, /no node answers here; .*\(failover help no-answer\)\nexit status 1$/);
    assertMatch(
      said.check,
      /^FAILOVER CRITICAL - no node answers here; .*\(failover help no-answer\)\nexit status 2$/,
    );
    assertEquals(wrong.map(({ what }) => what), ["files", "node"]);
    assertEquals(wrong[0].why, "failover, the node's user, cannot read /etc/failover.ini");
    for (const { remedy } of wrong) await sh(remedy);
    await untilStatus("until");
  },
});
