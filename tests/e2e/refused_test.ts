// Nodes whose account refuses the login: they leave the title to another, and go on voting.
import { assertEquals, assertMatch } from "@std/assert";
import type { LegionStats } from "../../lib/status/report.ts";
import { isLord, setUp } from "../lab/three_nodes.ts";

const refusal = "the Robot refuses the login for 4.4.4.4: correct it, then: failover resume";

function isRefused({ state, stands_back }: LegionStats): boolean {
  return state === "stands back" && stands_back.some(({ kind }) => kind === "refused");
}

function votesRefused(stats: LegionStats): boolean {
  return isRefused(stats) && stats.supports === "web2";
}

/** The preflights are to end before anybody can be elected, on a slow machine too. */
const preflightFirst = () => "legion-tolerance = 4";

for (const preflight of [1, 0]) {
  Deno.test(`two of three are refused, the third has the address (preflight=${preflight})`, async () => {
    const login = (index: number) => `${index === 1 ? "BAR" : "WRONG"},preflight=${preflight}`;
    const more = preflight === 1 ? preflightFirst : undefined;
    await using legion = await setUp(more, [20, 10, 15], login);
    const [, web2] = await legion.runAll();
    await web2.line(isLord);
    await legion.robot.pointsTo("4.4.4.4", "2.2.2.2");
    for (const index of [0, 2]) {
      const [stats] = await legion.until(index, "it to vote, and be refused", votesRefused);
      assertMatch(stats.why_not_lord, RegExp(refusal));
    }
    await legion.until(1, "it to have all votes", ({ votes }) => votes === 3);
    const { members } = await legion.stats(1);
    assertEquals(members.map(({ valor }) => valor), [0, 0]);
    // A login that failed is not repeated, or the provider would block this machine.
    const failed = legion.robot.requests.filter(({ outcome }) => outcome === "401 UNAUTHORIZED");
    assertEquals(failed.length, 2);
    const { code, out } = await legion.ask(0, "status", "--check");
    assertEquals(code, 1);
    assertMatch(out, RegExp(`stands back: .*${refusal}`));
  });
}

Deno.test("where all are refused there is no lord, and each says why", async () => {
  await using legion = await setUp(undefined, [20, 10, 15], () => "WRONG");
  await legion.runAll();
  for (const index of [0, 1, 2]) await legion.until(index, "it to be refused", isRefused);
  await legion.until(0, "it to miss a lord", ({ lordless_seconds }) => lordless_seconds > 1.3);
  const { code, out } = await legion.ask(0, "status", "--check");
  assertEquals(code, 2);
  assertMatch(
    out,
    RegExp(`^FAILOVER CRITICAL - no lord for \\d+ s \\(this node: .*${refusal}.*\\)`),
  );
});

Deno.test("a lord that is given a wrong password hands over, and the right one brings it back", async () => {
  await using legion = await setUp(undefined, undefined, () => "BAR");
  const [web1, web2] = await legion.runAll();
  await web1.line(isLord);
  await web2.line(/web1 is elected/);
  const file = `${legion.folder}/web1.ini`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace("password=BAR", "password=WRONG"));
  web1.signal("SIGHUP");
  await web1.line(/no longer the lord: the Robot refuses the login/);
  await web2.line(isLord);
  await legion.until(0, "it to vote, and be refused", votesRefused);
  const from = web1.lines.length;
  await Deno.writeTextFile(file, text);
  web1.signal("SIGHUP");
  await web1.line(isLord, from);
  await legion.robot.pointsTo("4.4.4.4", "1.1.1.1");
  assertEquals(legion.posts(), ["1.1.1.1", "2.2.2.2", "1.1.1.1"]);
});

Deno.test("a login put right at the provider is tried once more at a reload", async () => {
  await using legion = await setUp(preflightFirst, [20, 10, 0], () => "BAR");
  legion.robot.fail({ kind: "error", status: 401, code: "UNAUTHORIZED" });
  const [web1] = await Promise.all([legion.run(0), legion.run(2)]);
  await web1.line(/stands back as an arbiter, .*: the Robot refuses the login/);
  web1.signal("SIGHUP");
  await web1.line(isLord);
  await legion.robot.pointsTo("4.4.4.4", "1.1.1.1");
});

Deno.test("a login that has worked costs no lord its title when it fails", async () => {
  await using legion = await setUp(undefined, [20, 10, 0], () => "BAR");
  const [web1, web2] = await legion.runAll();
  await Promise.all([web1.line(isLord), web2.line(/preflight: 4\.4\.4\.4 points/)]);
  const file = `${legion.folder}/web1.ini`;
  const text = await Deno.readTextFile(file);
  // One of them may meet a preflight that is late.
  const fault = { kind: "error", status: 401, code: "UNAUTHORIZED" } as const;
  legion.robot.fail(fault, fault);
  // The action is new, and a lord looks at once; the account is the one that has worked.
  await Deno.writeTextFile(file, text.replace("active_ip", "timeout=7,active_ip"));
  web1.signal("SIGHUP");
  // A preflight that was late may meet the failure; the lord's look says then that it is not asked.
  const isRefused = ({ addresses: [{ problem }] }: LegionStats) =>
    /^UNAUTHORIZED|^not asked: the login failed/.test(problem);
  const [{ state, stands_back }] = await legion.until(0, "the refusal", isRefused);
  assertEquals([state, stands_back], ["lord", []]);
});

Deno.test("failover resume has a node try a corrected login, and says what comes of it", async () => {
  await using legion = await setUp(
    preflightFirst,
    [20, 10, 0],
    (index) => index === 0 ? "WRONG" : "BAR",
  );
  const [web1] = await legion.runAll();
  await legion.until(0, "it to be refused", isRefused);
  const failed = () =>
    legion.robot.requests.filter(({ outcome }) => outcome === "401 UNAUTHORIZED").length;
  assertEquals(failed(), 1);
  const still = await legion.ask(0, "resume");
  assertEquals(still.code, 1);
  assertMatch(
    still.out,
    RegExp(`^failover: the login was tried again, and this node stands back: ${refusal}\n$`),
  );
  assertEquals(failed(), 2);

  const file = `${legion.folder}/web1.ini`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace("password=WRONG", "password=BAR"));
  const from = web1.lines.length;
  const resumed = await legion.ask(0, "resume");
  assertEquals([resumed.code, resumed.out], [0, "failover: the login is accepted now\n"]);
  await web1.line(/what failed is tried again, asked for by eve/, from);
  await web1.line(isLord, from);
  await legion.robot.pointsTo("4.4.4.4", "1.1.1.1");
  // Where no login has failed, nothing is asked and nothing read.
  const asked = legion.robot.requests.length;
  const to = web1.lines.length;
  assertEquals((await legion.ask(0, "resume")).out, "failover: was not drained\n");
  assertEquals(legion.robot.requests.length, asked);
  assertEquals(web1.lines.slice(to).filter((line) => /read anew/.test(line)), []);
});
