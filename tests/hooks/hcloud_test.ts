// The Cloud's actions as a node runs them: hooks, preflight and watch.
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import type { AddressSight, MoveContext, TakeoverStep } from "../../lib/move/context.ts";
import { lookUntilAnswered } from "../../lib/move/look_until_answered.ts";
import { preflight } from "../../lib/move/preflight.ts";
import { watch } from "../../lib/move/watch.ts";
import { HookError } from "../../lib/hooks/action.ts";
import { addressOf, runAction } from "../../lib/hooks/registry.ts";
import { startCloud, tokens } from "../lab/cloud.ts";
import { forgetIds } from "../../lib/hcloud/_known_ids.ts";
import { requestsOf } from "../hcloud/_setup.ts";

async function setUp(changed: Record<string, unknown> = {}) {
  forgetIds();
  const cloud = await startCloud();
  const abort = new AbortController();
  const lines: string[] = [];
  const sights: AddressSight[] = [];
  const steps: string[] = [];
  const unsettled: string[] = [];
  const settings = {
    url: cloud.url,
    token: tokens.project,
    timeoutMs: 10_000,
    deadlineMs: 60_000,
    metadata: await cloud.metadataOf(43),
    ip: "131.232.99.1",
    by: "ip",
    server: "self",
    verifyMs: 60_000,
    reclaim: true,
    preflight: true,
    ...changed,
  };
  const action = { kind: "hcloud-floating-ip", settings };
  const context: MoveContext = {
    signal: abort.signal,
    recheck() {},
    log: (level, message) => void lines.push(`${level} ${message}`),
    guard: new AccountGuard(),
    seen: (sight) => void sights.push(sight),
    moves: (_: string, step: TakeoverStep) => void steps.push(Object.values(step).join(" ")),
  };
  const about = { legion: "test", event: "lord", node: "a", lord: "a" };
  const run = (resumed?: "lord" | "taking over") => {
    const unsettledOne = (ip: string) => void unsettled.push(ip);
    const more = { ...about, output() {}, resumed, unsettled: unsettledOne };
    return runAction(action, { ...context, ...more });
  };
  const address = addressOf(action)!;
  return { cloud, abort, lines, sights, steps, unsettled, run, context, address, action };
}

Deno.test("after a preflight a takeover begins with its POST, and is told by the server's id", async () => {
  const { cloud, lines, sights, steps, run, context, address } = await setUp();
  await preflight(address, context);
  const sight = { provider: "hetzner-cloud", ip: "131.232.99.1", wanted: "43" };
  assertEquals(sights, [{ ...sight, pointsTo: "42" }]);
  const from = cloud.requests.length;
  await run();
  assertEquals(requestsOf(cloud, from), [
    "POST /floating_ips/11/actions/assign",
    "GET /floating_ips/11",
  ]);
  assertEquals(sights[1], { ...sight, pointsTo: "43" });
  assertEquals(steps, ["begun", "asked", "ended routed"]);
  assertEquals(lines, [
    "info preflight: 131.232.99.1 points to 42",
    "info routing 131.232.99.1 to self",
    "info 131.232.99.1 points to 43",
  ]);
  await cloud.close();
});

Deno.test("a takeover before any preflight looks the address and the server up", async () => {
  const { cloud, sights, run } = await setUp();
  await run();
  const { wanted, pointsTo } = sights[0];
  assertEquals([cloud.count(), wanted, pointsTo], [4, "43", "43"]);
  await cloud.close();
});

const broken: [what: string, settings: Record<string, unknown>, told: RegExp][] = [
  ["a wrong token", { token: "tOkEn0123" }, /UNAUTHORIZED: unable to authenticate$/],
  ["a token that may only read", { token: tokens.readOnly }, /token_readonly: the token may only/],
  ["a token of another project", { token: tokens.other }, /not_found: no floating IP of the token/],
  [
    "a server of another zone",
    { server: "far" },
    /server far is in us-east, and the address in eu-central/,
  ],
  ["a server that is gone", { server: "gone" }, /no server gone is in the token's project/],
];
for (const [what, changed, told] of broken) {
  Deno.test(`a preflight tells of ${what}, in the log and in the status`, async () => {
    const { cloud, lines, sights, context, address } = await setUp(changed);
    await preflight(address, context);
    assertMatch(lines[0], /^error preflight: 131.232.99.1 could not be taken over now: /);
    assertMatch(lines[0], told);
    assertMatch(sights[0].problem!, told);
    assertEquals(`${lines}${JSON.stringify(sights)}`.includes("tOkEn0123"), false);
    assertEquals(cloud.count("POST"), 0);
    await cloud.close();
  });
}

Deno.test("a blocked address is told with the place it points to", async () => {
  const { cloud, lines, sights, context, address } = await setUp();
  cloud.block("131.232.99.1");
  await preflight(address, context);
  assertEquals(sights[0].pointsTo, "42");
  assertEquals([sights[0].problem, lines.length], ["the Hetzner Cloud has blocked the address", 2]);
  await cloud.close();
});

Deno.test("a failed login is remembered for the whole project, and the token is nowhere", async () => {
  const { cloud, lines, run, action } = await setUp({ token: "tOkEn0123" });
  const error = await assertRejects(() => run(), HookError, "refused: UNAUTHORIZED");
  await assertRejects(() => run(), HookError, "not asked: the login failed at ");
  assertEquals([cloud.count(), `${lines}${error.message}`.includes("tOkEn0123")], [1, false]);
  const alias = { kind: "hcloud-alias-ip", settings: { ...action.settings, network: 7 } };
  assertEquals(addressOf(alias)?.account, addressOf(action)?.account);
  await cloud.close();
});

Deno.test("a quota that is used up keeps nothing from being asked a moment later", async () => {
  const { cloud, context, run } = await setUp({ deadlineMs: 200 });
  cloud.fail({ kind: "error", code: "rate_limit_exceeded", on: "POST" });
  await assertRejects(() => run(), HookError, "try later: rate_limit_exceeded");
  assertEquals(context.guard.refusal("", "switch"), undefined);
  await run();
  assertEquals(cloud.serverOf("131.232.99.1"), 43);
  await cloud.close();
});

for (const reclaim of [true, false]) {
  Deno.test(`an address that is taken away by hand is ${reclaim ? "taken back" : "told of"}`, async () => {
    const { cloud, abort, lines, run, context, address } = await setUp({ reclaim });
    await run();
    const waits: number[] = [];
    const from = cloud.requests.length;
    const wait = (ms: number) => {
      waits.push(ms);
      if (waits.length === 1) cloud.assign("131.232.99.1", 42);
      if (waits.length === 4) abort.abort();
      abort.signal.throwIfAborted();
      return Promise.resolve();
    };
    await watch(address, context, wait);
    assertEquals(waits.slice(0, 3), [60_000, 10_000, 60_000]);
    assertEquals(cloud.serverOf("131.232.99.1"), reclaim ? 43 : 42);
    assertEquals(requestsOf(cloud, from).slice(0, 3), [
      "GET /floating_ips/11",
      "GET /floating_ips/11",
      reclaim ? "POST /floating_ips/11/actions/assign" : "GET /floating_ips/11",
    ]);
    assertEquals(lines.includes("warn 131.232.99.1 points to 42, and this node is the lord"), true);
    await cloud.close();
  });
}

Deno.test("a lord that was restarted looks first, and an address that is here is not asked for", async () => {
  const { cloud, run } = await setUp();
  cloud.assign("131.232.99.1", 43);
  await run("lord");
  assertEquals([cloud.count("POST"), cloud.count("GET /floating_ips/11")], [0, 1]);
  await cloud.close();
});

Deno.test("an alias that is taken away by hand is taken back, and the other aliases stay", async () => {
  const { cloud, abort, context, action } = await setUp({ network: 7, ip: "10.0.0.10" });
  const address = addressOf({ ...action, kind: "hcloud-alias-ip" })!;
  let waits = 0;
  const wait = () => {
    if (++waits === 3) abort.abort();
    abort.signal.throwIfAborted();
    return Promise.resolve();
  };
  await watch(address, context, wait);
  assertEquals([cloud.aliasIps(42, 7), cloud.aliasIps(43, 7)], [["10.0.0.11"], ["10.0.0.10"]]);
  assertEquals(cloud.count("POST"), 2);
  await cloud.close();
});

Deno.test("what keeps an address from being moved is told until it is mended", async () => {
  const { cloud, sights, context, address } = await setUp();
  const alter = ({ floating_ip }: { floating_ip: Record<string, unknown> }) => ({
    floating_ip: { ...floating_ip, blocked: true },
  });
  const blocked = { kind: "alter", alter, on: "GET /floating_ips/11" } as const;
  cloud.fail(blocked, blocked, { kind: "error", code: "token_readonly", on: "PUT" });
  await lookUntilAnswered(address, context, () => Promise.resolve());
  const problems = sights.map(({ problem = "none" }) => problem);
  const told = "the Hetzner Cloud has blocked the address";
  assertEquals(problems, [told, told, "token_readonly: the token may only read", "none"]);
  await cloud.close();
});
