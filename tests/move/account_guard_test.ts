import { assertEquals, assertMatch } from "@std/assert";
import { AccountGuard, blockMs, type Question } from "../../lib/move/account_guard.ts";
import { accountOf, robotProvider } from "../../lib/robot/provider.ts";

const access = { username: "FOO", password: "BAR", url: "https://robot.example/failover/4.4.4.4" };
const account = accountOf(access);
const robot = robotProvider({ ...access, ip: "4.4.4.4", timeoutMs: 60_000, deadlineMs: 180_000 });
const sameAccount = accountOf({ ...access, url: "https://robot.example/failover/5.5.5.5" });
const corrected = accountOf({ ...access, password: "BAZ" });

Deno.test("a login that failed is remembered for all addresses of the account", () => {
  const guard = new AccountGuard();
  assertEquals(guard.refusal(account, "switch"), undefined);
  guard.learn(account, "look", { code: "UNAUTHORIZED" });
  assertMatch(guard.refusal(sameAccount, "switch")!, /^not asked: the login failed at \d{4}-/);
  assertEquals(guard.refusal(account, "look")!.includes("BAR"), false);
  assertEquals(guard.refusal(corrected, "look"), undefined);
});

Deno.test("a login is refused for good when it failed and never worked", () => {
  const guard = new AccountGuard();
  const failure = { code: "UNAUTHORIZED" };
  assertEquals(guard.isRefused(account), false);
  guard.learn(account, "look", failure);
  assertEquals([guard.isRefused(sameAccount), guard.isRefused(corrected)], [true, false]);
  guard.learn(account, "look");
  assertEquals(guard.isRefused(account), false);
  guard.learn(account, "look", failure);
  assertEquals(guard.isRefused(account), false);
  assertEquals(typeof guard.refusal(account, "look"), "string");
});

Deno.test("a login that failed before a restart is refused, and tried again by order alone", () => {
  const guard = new AccountGuard();
  guard.hasFailed(account, 1_000);
  assertEquals([guard.refusedMs(sameAccount), guard.refusedMs(corrected)], [1_000, undefined]);
  assertMatch(guard.refusal(account, "look")!, /^not asked: the login failed at 1970-/);
  guard.tryAgain(account);
  assertEquals([guard.refusal(account, "look"), guard.isRefused(account)], [undefined, true]);
});

Deno.test("a login that worked before a restart is not refused for good when it fails", () => {
  const guard = new AccountGuard();
  guard.hasWorked(account);
  guard.learn(account, "look", { code: "UNAUTHORIZED" });
  assertEquals([guard.isRefused(account), typeof guard.refusal(account, "look")], [
    false,
    "string",
  ]);
});

Deno.test("a login that has worked is tried once for a switch, and once 11 minutes after each failure", () => {
  let nowMs = 0;
  const guard = new AccountGuard(() => nowMs);
  const failure = { code: "UNAUTHORIZED" };
  const may = (...questions: Question[]) =>
    questions.map((question) => guard.refusal(account, question) === undefined);
  guard.learn(account, "look");
  guard.learn(account, "look", failure);
  assertEquals(may("look", "switch"), [false, true]);
  guard.learn(account, "switch", failure);
  assertEquals(may("look", "switch"), [false, false]);
  nowMs = blockMs - 1;
  assertEquals(may("look", "switch"), [false, false]);
  assertMatch(guard.refusal(account, "look")!, /has worked before; it is tried again in 1 s$/);
  nowMs = blockMs;
  assertEquals(may("look", "switch"), [true, true]);
  guard.learn(account, "look", failure);
  assertEquals(may("look", "switch"), [false, true]);
  nowMs = 2 * blockMs;
  assertEquals(may("look"), [true]);
  guard.learn(account, "look");
  assertEquals(may("look", "switch"), [true, true]);
});

Deno.test("a login that never worked is not tried again by itself, however long ago it failed", () => {
  let nowMs = 0;
  const guard = new AccountGuard(() => nowMs);
  for (const code of ["UNAUTHORIZED", "LOGIN_OR_BLOCK", "PROXY_UNAUTHORIZED"]) {
    guard.learn(account, "switch", { code });
    nowMs += 1000 * blockMs;
    assertEquals(guard.isRefused(account), true);
    assertMatch(guard.refusal(account, "switch")!, /correct it, then: failover resume$/);
  }
});

for (const code of ["RATE_LIMIT_EXCEEDED", "ECONNREFUSED"]) {
  Deno.test(`${code} is no refusal for good, and takes none back`, () => {
    const guard = new AccountGuard();
    guard.learn(account, "look", { code });
    assertEquals(guard.isRefused(account), false);
    guard.learn(account, "switch", { code: "UNAUTHORIZED" });
    guard.learn(account, "look", { code });
    assertEquals([guard.isRefused(account), typeof guard.refusal(account, "look")], [
      true,
      "string",
    ]);
  });
}

const secondTries: [code: string | undefined, isRefused: boolean][] = [
  ["UNAUTHORIZED", true],
  [undefined, false],
  // The try was asked for because the login is right now; only the provider can say otherwise.
  ["ECONNREFUSED", false],
];
for (const [code, isRefused] of secondTries) {
  Deno.test(`a login that failed is tried once more by order: ${code ?? "it works"}`, () => {
    const guard = new AccountGuard();
    assertEquals(guard.tryAgain(account), false);
    guard.learn(account, "look", { code: "UNAUTHORIZED" });
    assertEquals(guard.tryAgain(account), true);
    // The login counts as refused until it is known to work.
    assertEquals([guard.isRefused(account), guard.refusal(account, "look")], [true, undefined]);
    guard.learn(account, "look", code === undefined ? undefined : { code });
    assertEquals(guard.isRefused(account), isRefused);
    assertEquals(guard.refusal(account, "look") !== undefined, isRefused);
  });
}

Deno.test("a quota that is used up is remembered until it has passed", () => {
  let nowMs = 0;
  const guard = new AccountGuard(() => nowMs);
  guard.learn(account, "look", { code: "RATE_LIMIT_EXCEEDED", retryAfterMs: 60_000 });
  assertEquals(guard.refusal(sameAccount, "look"), "not asked: the quota is used up for 60 s more");
  // Looks that are used up must not keep a takeover from being asked for.
  assertEquals(guard.refusal(sameAccount, "switch"), undefined);
  nowMs = 60_000;
  assertEquals(guard.refusal(account, "look"), undefined);
});

Deno.test("any other end of a question is forgotten", () => {
  const guard = new AccountGuard();
  guard.learn(account, "look", { code: "FAILOVER_LOCKED" });
  assertEquals(guard.refusal(account, "switch"), undefined);
});

Deno.test("a quota without its interval is none to wait for; of its seconds none is left out", () => {
  let nowMs = 500;
  const guard = new AccountGuard(() => nowMs);
  guard.learn(account, "switch", { code: "RATE_LIMIT_EXCEEDED" });
  assertEquals(guard.refusal(account, "switch"), undefined);
  guard.learn(account, "switch", { code: "RATE_LIMIT_EXCEEDED", retryAfterMs: 2_000 });
  nowMs = 2_499;
  assertEquals(guard.refusal(account, "switch"), "not asked: the quota is used up for 1 s more");
  nowMs = 2_500;
  assertEquals(guard.refusal(account, "switch"), undefined);
});

Deno.test("questions of one account wait for each other, also for one that fails", async () => {
  const guard = new AccountGuard();
  const order: string[] = [];
  const { promise: answer, reject } = Promise.withResolvers<never>();
  const ask = (name: string, answer: Promise<unknown>) => async () => {
    order.push(`${name} begins`);
    await answer.finally(() => order.push(`${name} ends`));
  };
  const first = guard.inTurn(account, ask("first", answer));
  const second = guard.inTurn(sameAccount, ask("second", Promise.resolve()));
  // Another account's question waits for nobody: by its end the second could have begun as well.
  await guard.inTurn(corrected, ask("another's", Promise.resolve()));
  reject(new Error("broken"));
  const ends = await Promise.allSettled([first, second]);
  assertEquals(ends.map(({ status }) => status), ["rejected", "fulfilled"]);
  assertEquals(order, [
    "first begins",
    "another's begins",
    "another's ends",
    "first ends",
    "second begins",
    "second ends",
  ]);
});

Deno.test("a login that has not worked yet is tried by one, then by all at once", async () => {
  const guard = new AccountGuard();
  const order: string[] = [];
  const ask = (name: string, answer: Promise<unknown>, learn?: () => void) => async () => {
    order.push(`${name} begins`);
    await answer;
    learn?.();
    order.push(`${name} ends`);
  };
  const slow = Promise.withResolvers<void>();
  const first = guard.carefully(account, "switch", ask("first", slow.promise));
  const second = guard.carefully(
    account,
    "switch",
    ask("second", Promise.resolve(), () => {
      guard.learn(account, "switch");
    }),
  );
  const [a, b] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const rest = [a, b].map(({ promise }, at) =>
    guard.carefully(account, "switch", ask(`${at}`, promise))
  );
  await guard.carefully(corrected, "switch", ask("another's", Promise.resolve()));
  slow.resolve();
  await first;
  await second;
  b.resolve();
  await rest[1];
  a.resolve();
  await rest[0];
  assertEquals(order, [
    "first begins",
    "another's begins",
    "another's ends",
    "first ends",
    "second begins",
    "second ends",
    "0 begins",
    "1 begins",
    "1 ends",
    "0 ends",
  ]);
});

Deno.test("while switches are paced, looks go on: they tell when it is over", () => {
  const guard = new AccountGuard(() => 0);
  for (let takeover = 0; takeover < 8; takeover++) {
    guard.moves(robot).begin(1).ended("failed", 1);
  }
  assertMatch(guard.refusal(account, "switch")!, /^not asked: many switches .* in 720 s$/);
  assertEquals(guard.refusal(account, "look"), undefined);
  assertEquals(guard.refusal(corrected, "switch"), undefined);
});

Deno.test("a switch waits for a look that tries the login, and not for one that hangs", async () => {
  for (const hangs of [false, true]) {
    const guard = new AccountGuard();
    const order: string[] = [];
    const answer = Promise.withResolvers<void>();
    const look = guard.carefully(account, "look", async () => {
      await answer.promise;
      order.push("look");
    });
    const move = guard.carefully(account, "switch", () => Promise.resolve(order.push("switch")));
    if (!hangs) answer.resolve();
    await move;
    answer.resolve();
    await look;
    assertEquals(order, hangs ? ["switch", "look"] : ["look", "switch"]);
  }
});
