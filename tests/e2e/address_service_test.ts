// Addresses on a layer-2 network whose nodes systemd runs, with the unit and the drop-in that
// `failover systemd` prints: the unit's user has no other rights than these.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { floating, FloatingLan } from "../lab/floating_lan.ts";
import { allowAddresses, installNode, makeExecutables } from "../lab/install.ts";
import { missing } from "../lab/missing.ts";
import { canBootMachines, SystemdMachine } from "../lab/systemd_machine.ts";

// Far above what a restart takes, since other tests keep the processors busy.
const toleranceSeconds = 10;
const longestSilenceMs = 1000 * toleranceSeconds + 500;
const lacking = await missing(["ip", "arping", "ndptool", "ping"]);

/** Waits until a command says this on a machine. */
async function says(machine: SystemdMachine, command: string, words: string): Promise<void> {
  const until = `until ${command} | grep -q "${words}"; do sleep 0.1; done`;
  try {
    await machine.run("timeout", "60", "sh", "-c", until);
  } catch {
    throw new Error(await logOf(machine));
  }
}

const isLord = (machine: SystemdMachine) => says(machine, "failover status", "node is the lord");
const follows = (machine: SystemdMachine) => says(machine, "failover status", "is a follower");

function logOf(machine: SystemdMachine, ...words: string[]): Promise<string> {
  return machine.run("journalctl", "-q", "-u", "failover", "-o", "cat", ...words);
}

Deno.test({
  name:
    "three servers under systemd have an address in turn: restarted, killed, stopped, unplugged",
  ignore: !canBootMachines || lacking.length > 0,
  async fn(t) {
    await using made = new AsyncDisposableStack();
    const folder = await makeExecutables();
    made.defer(() => Deno.remove(folder, { recursive: true }));
    const legion = made.use(await FloatingLan.make(toleranceSeconds));
    const machines = await Promise.all(
      [0, 1, 2].map(async (server) => made.use(await SystemdMachine.boot(legion.lan.on(server)))),
    );
    await Promise.all(machines.map(async (machine, server) => {
      const config = await legion.configuration(server);
      await installNode(machine, `${folder}/old`, server, config, allowAddresses);
    }));
    const [a, b, c] = machines;
    await isLord(a);
    await Promise.all([b, c].map(follows));
    await legion.ping();

    /** Does something to the lord, waits until it is another, and holds that a client is answered. */
    const isAnswered = async (act: () => Promise<unknown>, lord: SystemdMachine) => {
      const beganMs = Date.now();
      await act();
      await isLord(lord);
      await legion.firstReplies(Date.now());
      const silenceMs = Math.round(legion.longestSilence(beganMs));
      assert(silenceMs < longestSilenceMs, `${silenceMs} ms`);
      assertEquals(legion.overlaps, []);
    };

    await t.step("failover restart of each loses no ping", async () => {
      for (const machine of [c, a, b]) {
        const part = machine === a ? "lord of" : "follower in";
        const said = await machine.run("failover", "restart");
        assertMatch(said, RegExp(`^restarted in \\d\\.\\d\\d s: ${part} one again$`));
      }
      await legion.firstReplies(Date.now());
      assertEquals(legion.lost, 0);
      assertEquals(legion.changes.filter(({ isThere }) => !isThere), []);
    });

    await t.step("SIGKILL: the address goes, and comes back with the next process", async () => {
      const kill = ["systemctl", "kill", "--signal", "KILL", "failover"];
      await isAnswered(async () => {
        await a.run(...kill);
        for (const address of floating) await legion.changed(0, address, false);
      }, a);
    });

    await t.step("systemctl stop: another has the address", async () => {
      await isAnswered(() => a.run("systemctl", "stop", "failover"), b);
    });

    await t.step("systemctl start: the highest has the address again", async () => {
      await isAnswered(() => a.run("systemctl", "start", "failover"), a);
    });

    await t.step("no power: another has the address", async () => {
      await isAnswered(async () => {
        await legion.lan.plug(0, "down");
        await a[Symbol.asyncDispose]();
      }, b);
    });

    await t.step("systemctl start: an address that is found goes", async () => {
      assertEquals(await logOf(b, "-p", "err"), "");
      await c.run("systemctl", "stop", "failover");
      await c.run("ip", "address", "add", "10.77.0.100/24", "dev", "wire");
      await legion.changed(2, "10.77.0.100", true);
      await c.run("systemctl", "start", "failover");
      await legion.changed(2, "10.77.0.100", false);
    });

    await t.step("without the drop-in: log and doctor say what is missing", async () => {
      await c.run("rm", "/etc/systemd/system/failover.service.d/address.conf");
      await c.run("systemctl", "daemon-reload");
      await c.run("failover", "restart");
      const missing = "no CAP_NET_ADMIN and CAP_NET_RAW";
      await says(c, "journalctl -u failover -o cat", `this node has ${missing}`);
      const doctor = await c.run("sh", "-c", "failover doctor || true");
      assertStringIncludes(doctor, `for address: its user has ${missing}`);
    });
  },
});
