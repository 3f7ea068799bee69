// Addresses on a layer-2 network: a client goes on being answered, and never by two.
import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { floating, FloatingLan } from "../lab/floating_lan.ts";
import { LateProgram } from "../lab/late_program.ts";
import { missing } from "../lab/missing.ts";
import { canMakeNetworks, ip } from "../lab/network.ts";
import { Supervisor } from "../lab/supervisor.ts";

const isLord = /this node is the lord/;
const toleranceSeconds = 3;
const lacking = await missing(["ip", "arping", "ndptool", "ping"]);
const ignore = !canMakeNetworks || lacking.length > 0;

Deno.test({
  name: "a lord's server dies: the client is answered within the tolerance and half a second",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(toleranceSeconds);
    const [a, b] = await legion.startAll();
    await delay(1_500);
    await legion.lan.plug(0, "down");
    const diedMs = Date.now();
    a.signal("SIGKILL");
    await b.line(isLord);
    const gaps = (await legion.firstReplies(diedMs + 100)).map((atMs) => Math.round(atMs - diedMs));
    for (const gap of gaps) assert(gap < 1000 * toleranceSeconds + 500, `${gap} ms`);
    assertEquals(legion.overlaps, []);
  },
});

Deno.test({
  name: "a node is killed, and nobody starts it again: no two have the address",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(toleranceSeconds);
    const [a, b] = await legion.startAll();
    await delay(1_500);
    await a.end("SIGKILL");
    await b.line(isLord);
    for (const address of floating) await legion.changed(0, address, false);
    assertEquals(legion.overlaps, []);
  },
});

Deno.test({
  name: "a node hangs: the address goes, and does not come back when it goes on",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(toleranceSeconds);
    const [a, b] = await legion.startAll();
    a.signal("SIGSTOP");
    await b.line(isLord);
    for (const address of floating) await legion.changed(0, address, false);
    const from = a.lines.length;
    a.signal("SIGCONT");
    await a.line(/no longer the lord/, from);
    assertEquals(legion.overlaps, []);
  },
});

Deno.test({
  name: "a node hangs as it renews the address: nothing is added once another is lord",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(toleranceSeconds);
    await using late = await LateProgram.make("address replace");
    const [a, b] = await legion.startAll(late.env);
    await late.begun();
    await b.line(isLord);
    for (const address of floating) await legion.changed(0, address, false);
    await late.letGo();
    const from = a.lines.length;
    a.signal("SIGCONT");
    await a.line(/no longer the lord/, from);
    assertEquals(legion.overlaps, []);
  },
});

Deno.test({
  name: "a lord that is cut off gives the address up before another has it",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(toleranceSeconds);
    const [a, b] = await legion.startAll();
    await legion.lan.plug(0, "down");
    await b.line(isLord);
    for (const address of floating) await legion.changed(0, address, false);
    await a.line(/no longer the lord: its lease has run out/);
    assertEquals(legion.overlaps, []);
  },
});

Deno.test({
  name: "a lord that stops hands the address over, and the client is answered again at once",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(toleranceSeconds);
    const [a, b] = await legion.startAll();
    const stoppedMs = Date.now();
    await a.end("SIGTERM");
    await b.line(isLord);
    const gaps = (await legion.firstReplies(stoppedMs + 100)).map((atMs) => atMs - stoppedMs);
    for (const gap of gaps) assert(gap < 2_000, `${gap} ms`);
    assertEquals(legion.overlaps, []);
    // Nothing is left where a node starts that is not lord.
    await using c = legion.start(0);
    await c.line(/started as/);
  },
});

Deno.test({
  name: "a restart of the lord loses no ping",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(8);
    legion.start(1);
    legion.start(2);
    await using a = new Supervisor(() => legion.start(0, [], { INVOCATION_ID: "test" }));
    await a.current.line(isLord, 0, 40_000);
    await legion.ping();
    await delay(1_500);
    assertEquals(await legion.restart(0), 0);
    const again = await a.process(1);
    await again.line(isLord);
    const readyMs = Date.now();
    await legion.firstReplies(readyMs + 500);
    for (const address of floating) {
      const times = legion.replies(address);
      const gaps = times.slice(1).map((atMs, index) => atMs - times[index]);
      assert(Math.max(...gaps) < 400, `${address}: ${Math.max(...gaps)} ms`);
    }
    assert(again.lines.some((line) => /taking up again/.test(line)));
    assertEquals(legion.overlaps, []);
    assertEquals(legion.changes.filter(({ isThere }) => !isThere), []);
    assertEquals(await a.stop(), 0);
  },
});

Deno.test({
  name: "an address that was left behind goes at the start, and by --remove-addresses",
  ignore,
  async fn() {
    await using legion = await FloatingLan.make(toleranceSeconds);
    const leave = async () => {
      const name = legion.lan.on(2)[3];
      await ip("-n", name, "address", "add", "10.77.0.100/24", "dev", "wire");
      await ip("-n", name, "address", "add", "fd77::100/64", "dev", "wire", "nodad");
    };
    await leave();
    assertEquals(await legion.start(2, ["--remove-addresses"]).status(), 0);
    for (const address of floating) await legion.changed(2, address, false);
    await leave();
    // As systemd tells ExecStopPost= after failover restart.
    const restarted = legion.start(2, ["--remove-addresses"], { EXIT_STATUS: "75" });
    assertEquals(await restarted.status(), 0);
    assertEquals(legion.changes.at(-1)?.isThere, true);
    const node = legion.start(2);
    for (const address of floating) await legion.changed(2, address, false);
    await node.line(/fd77::100\/64 on wire: removed/);
    // A node that runs, and is not lord, looks after it itself.
    await leave();
    const beside = legion.start(2, ["--remove-addresses"]);
    await beside.line(/a node runs here/);
    assertEquals(await beside.status(), 0);
    await node.line(/fd77::100\/64 on wire: it is here, and this node is not lord/);
    for (const address of floating) await legion.changed(2, address, false);
  },
});
