// failover doctor on a server that systemd runs, from before the first start on: each remedy works.
import { assertEquals, assertMatch } from "@std/assert";
import type { Answer } from "../../lib/cli/doctor/answer.ts";
import { compile } from "../lab/compile.ts";
import { program } from "../lab/failover.ts";
import { makeIsland } from "../lab/island.ts";
import { runCommand } from "../lab/run_command.ts";
import { canBootMachines, SystemdMachine } from "../lab/systemd_machine.ts";

/** Makes the executable where the machine sees it, which has a /tmp of its own; its folder. */
async function makeExecutable(): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: "/var/tmp" });
  await Deno.chmod(folder, 0o755);
  const file = `${folder}/failover`;
  if (program.executable !== undefined) await Deno.copyFile(program.executable, file);
  else {
    const { code, err } = await compile(["--portable", "--output", file]);
    assertEquals(code, 0, err);
  }
  return folder;
}

// Only lord hooks are asked about, so no provider need answer.
const configuration = `[uwsgi]
legion = failover 127.0.0.1:2000 10 aes-128-cbc:@(/etc/failover.secret)
legion-quorum = failover 1
legion-freq = 0.5
legion-tolerance = 5
legion-lord = failover log:lord
legion-unlord = failover hetzner-failoverip:username=FOO,ip=4.4.4.4,active_ip=127.0.0.1,url=http://127.0.0.1:1/,password=@(/etc/failover.password)
`;

Deno.test({
  name: "a server from before its first start until all is well, by the doctor's commands alone",
  ignore: !canBootMachines,
  async fn() {
    await using made = new AsyncDisposableStack();
    const folder = await makeExecutable();
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const island = made.use(await makeIsland());
    const machine = made.use(await SystemdMachine.boot(island.on));
    const sh = (script: string, input = "") =>
      runCommand([...machine.on, "sh", "-euc", script], input);
    const doctor = async (as = "") => {
      const out = await sh(`${as} failover doctor --json --timeout 20 || true`);
      return (JSON.parse(out) as { answers: Answer[] }).answers;
    };
    const about = (answers: Answer[], what: string) => {
      const { sign, why } = answers.find((answer) => answer.what === what) ?? {};
      return `${sign} ${why}`;
    };
    const mend = async (answers: Answer[], sign: Answer["sign"], what: string) => {
      const remedies = answers.filter((answer) => answer.what === what && answer.sign === sign)
        .map(({ remedy }) => remedy);
      for (const remedy of remedies) await sh(remedy);
      assertEquals(remedies.length > 0, true, what);
    };
    await sh(`install -m 755 ${folder}/failover /usr/local/bin/failover`);
    assertMatch(about(await doctor(), "configuration"), /^wrong \/etc\/failover\.ini: there is no/);

    await sh("useradd --system --home-dir / --shell /usr/sbin/nologin failover");
    await sh("umask 077; printf BAR > /etc/failover.password");
    await sh(
      "umask 077; printf secret1 > /etc/failover.secret; cat > /etc/failover.ini",
      configuration,
    );
    const before = await doctor();
    assertMatch(about(before, "configuration"), /^ok \/etc\/failover\.ini, .* is right: failover$/);
    assertMatch(about(before, "unit"), /^note there is no failover\.service/);
    await mend(before, "note", "unit");

    const installed = await doctor();
    assertMatch(about(installed, "unit"), /^wrong it is disabled/);
    assertMatch(about(installed, "files"), /^wrong failover, the node's user, cannot read \/etc/);
    assertEquals(installed.find(({ what }) => what === "node")?.remedy, "systemctl start failover");
    for (const what of ["files", "unit", "node"]) await mend(installed, "wrong", what);

    await sh("timeout 40 sh -c 'until failover status --check; do sleep 0.2; done'");
    const running = await doctor();
    assertEquals(running.filter(({ sign }) => sign === "wrong"), []);
    assertMatch(about(running, "files"), /^ok failover, the node's user, can read all 3 files$/);
    assertMatch(about(running, "unit"), /^ok .*failover\.service is current, and starts at boot$/);
    assertMatch(about(running, "port 2000"), /^ok the node listens on 127\.0\.0\.1:2000$/);
    assertMatch(about(running, "node"), /^ok process \d+, version /);

    await sh("echo '# more' >> /etc/systemd/system/failover.service");
    assertMatch(about(await doctor(), "unit"), /^note .* is not the one that this version prints/);

    const asNobody = await doctor("setpriv --reuid nobody --regid nogroup --clear-groups");
    assertMatch(about(asNobody, "configuration"), /^note not known: you may not read \/etc/);
  },
});
