// The configuration of the manual's chapter on following a leader, with an imitation of Patroni:
// the address follows, two of three that are unfit vote, and where the nodes differ it is told.
// With Patroni itself: deno task faults:patroni.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { delay } from "@std/async/delay";
import { makeLan } from "../../lab/lan.ts";
import { missing } from "../../lab/missing.ts";
import { canMakeNetworks } from "../../lab/network.ts";
import { TestProcess } from "../../lab/process.ts";
import { Followers, until } from "./followers.ts";

const ignore = !canMakeNetworks || (await missing(["ip"])).length > 0;
const servers = [0, 1, 2];
/** The longest wait for what takes some seconds at most, in seconds. */
const patience = 20;

/** Three nodes and three imitations of Patroni, of which the first is the leader. */
async function setUp() {
  await using made = new AsyncDisposableStack();
  const lan = made.use(await makeLan(3));
  const followers = made.use(await Followers.of(lan));
  const file = `${followers.folder}/leader`;
  /** Makes another server the leader, or none. */
  const lead = async (server?: number) => {
    const temporary = `${file}.new`;
    await Deno.writeTextFile(temporary, `${server ?? "none"}`);
    await Deno.rename(temporary, file);
  };
  await lead(0);
  const script = new URL("leader_on_lan.ts", import.meta.url).pathname;
  for (const server of servers) {
    const program = [Deno.execPath(), "run", "--quiet", "-P", script];
    const [command, ...args] = [...lan.on(server), ...program, lan.addresses[server], file];
    const name = `patroni-${server + 1}`;
    const leader = new TestProcess({ name, command, args: [...args, `${server}`] });
    await made.use(leader).line(/ready/);
  }
  for (const server of servers) followers.start(server);
  const isAt = (server: number) =>
    until(`${server} to be lord and to have the address`, () => {
      const { watch, has } = followers;
      return watch.lords.join() === `${server}` && has === server;
    }, patience);
  const isNowhere = () => until("no lord", () => followers.watch.lords.length === 0, patience);
  /** Waits until a server's check is critical; the result is its line. */
  const isCritical = async (server: number) => {
    let line = "";
    await until("critical", async () => {
      const { code, out } = await followers.ask(server, "status", "--check");
      line = out;
      return code === 2;
    }, patience);
    return line;
  };
  await isAt(0);
  const stack = made.move();
  return {
    followers,
    lead,
    isAt,
    isNowhere,
    isCritical,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

Deno.test({
  name: "the address follows the leader, by the votes of nodes that may not be lord",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { followers, lead, isAt, isNowhere, isCritical } = stage;
    const begunMs = Date.now();
    await lead(1);
    const { atMs } = await followers.robot.nextAsked(20_000, followers.lan.addresses[1]);
    console.log(`from the leader's change to the POST: ${Math.round(atMs - begunMs)} ms`);
    await isAt(1);
    const { out } = await followers.ask(1, "status");
    assertMatch(out, /3 of 3 nodes up, quorum 2, votes 3/);
    assertMatch(out, /server-1 .*stands back \(not leader\)/);
    assertMatch(out, /server-3 .*stands back \(not leader\)/);
    for (const server of servers) {
      const check = await followers.ask(server, "status", "--check");
      assertEquals(check.code, 0, check.out);
    }

    // Without a leader there is no lord, and the Robot is not asked.
    const asked = followers.robot.asked.length;
    await lead();
    await isNowhere();
    const check = await isCritical(1);
    assertMatch(check, /CRITICAL - no lord .*check patroni fails: 503 Service Unavailable/);
    await lead(1);
    await isAt(1);
    await lead(2);
    await isAt(2);
    const further = followers.robot.asked.slice(asked).map(({ to }) => to);
    assertEquals([...new Set(further)], [1, 2].map((server) => followers.lan.addresses[server]));
    // To lose the title with the leader is no flapping, which legion-flap would hold back.
    const lost = followers.node(2).lines.length;
    for (let time = 0; time < 5; time++) {
      await lead();
      await isNowhere();
      await lead(2);
      await isAt(2);
    }
    const said = followers.node(2).lines.slice(lost);
    assertEquals(said.filter((line) => line.includes("lost the title")), []);
    assert(followers.watch.steps.every(({ lords }) => lords < 2));
  },
});

Deno.test({
  name: "with its check taken out the lord stays, whatever Patroni says, as in a pause",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { followers, lead, isAt, isNowhere } = stage;
    await followers.rewrite(0, (text) => text.replace(/^legion-check/m, "; $&"));
    await lead();
    await delay(5_000);
    await isAt(0);
    assertEquals((await followers.ask(0, "status", "--check")).code, 0);
    await followers.rewrite(0, (text) => text.replace(/^; legion-check/m, "legion-check"));
    await isNowhere();
    await lead(0);
    await isAt(0);
  },
});

Deno.test({
  name: "the leader's node is drained: nobody is lord until it is resumed, and all say why",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { followers, lead, isAt, isNowhere, isCritical } = stage;
    // The lord is not drained as long as nobody else may be lord.
    const handover = await followers.ask(0, "handover");
    assertEquals(handover.code, 75, handover.out);
    assertEquals((await followers.ask(2, "drain", "--for", "10m")).code, 0);
    await lead(2);
    await isNowhere();
    assertMatch(await isCritical(2), /no lord .*drained/);
    const other = await followers.ask(0, "status");
    assertMatch(other.out, /server-3 .*drained/);
    assertEquals((await followers.ask(2, "resume")).code, 0);
    await isAt(2);
    // A node that is suspended does not get its title back before it goes on.
    followers.node(2).signal("SIGSTOP");
    await isNowhere();
    followers.node(2).signal("SIGCONT");
    await isAt(2);
  },
});

Deno.test({
  name: "the leader's node has lost the title too often: it is lord again after three tolerances",
  ignore,
  async fn() {
    await using stage = await setUp();
    const { followers, isAt, isNowhere } = stage;
    const bad = `${followers.folder}/bad`;
    const disk = `legion-check = pg cmd=test ! -e ${bad},name=disk,interval=0.2,rise=1,fall=1\n`;
    await followers.rewrite(0, (text) => `${text}${disk}legion-flap = pg 1/600\n`);
    const from = followers.node(0).lines.length;
    for (let time = 0; time < 2; time++) {
      await isAt(0);
      await Deno.writeTextFile(bad, "");
      await isNowhere();
      await Deno.remove(bad);
    }
    const out = /stands back as an arbiter, .*lost the title more than 1 times within 600 s/;
    await followers.node(0).line(out, from);
    // Nobody else may be lord, so the address is nowhere for three tolerances, and then here again.
    const begunMs = Date.now();
    await isAt(0);
    console.log(`without a lord: ${Math.round(Date.now() - begunMs)} ms`);
  },
});
