import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { moveAddress, type MoveResult } from "../../lib/move/move_address.ts";
import { MoveError, type MoveErrorKind } from "../../lib/move/move_error.ts";
import { MovePace, type MoveTurn, type MoveTurnEnd } from "../../lib/move/move_pace.ts";
import { inPace } from "../../lib/move/_in_pace.ts";
import type { KeptAddress, Route } from "../../lib/move/provider.ts";
import { RobotError } from "../../lib/robot/errors.ts";
import { keptByRobot } from "../../lib/robot/provider.ts";
import { HandClock } from "../lab/hand_clock.ts";

const hourMs = 3_600_000;
const { pace: { failing: limits } } = addressOf("4.4.4.4");
const ends: readonly MoveTurnEnd[] = ["moved", "taken back", "failed", "broken off"];

/** One takeover under way, and when its requests were sent. */
interface Running {
  readonly turn: MoveTurn;
  readonly sentMs: number[];
}

Deno.test("whatever the provider answers, of however many addresses, 13 requests an hour are in vain", () => {
  const action = fc.oneof(
    { weight: 3, arbitrary: fc.constant({ do: "begin" } as const) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("send" as const), which: fc.nat(30) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("end" as const),
        which: fc.nat(30),
        end: fc.constantFrom(...ends),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("pass" as const),
        ms: fc.oneof(fc.nat(60_000), fc.nat(hourMs)),
      }),
    },
  );
  fc.assert(fc.property(fc.array(action, { minLength: 20, maxLength: 400 }), (actions) => {
    let nowMs = 0;
    const pace = new MovePace(limits, () => nowMs);
    const running: Running[] = [];
    const inVainMs: number[] = [];
    const endOf = ({ turn, sentMs }: Running, end: MoveTurnEnd) => {
      turn.ended(end, sentMs.length);
      inVainMs.push(...end === "moved" ? sentMs.slice(0, -1) : sentMs);
    };
    for (const step of actions) {
      if (step.do === "pass") nowMs += step.ms;
      if (step.do === "begin" && pace.refusal === undefined) {
        running.push({ turn: pace.begin(5), sentMs: [] });
      }
      if (!("which" in step) || running.length === 0) continue;
      const which = step.which % running.length;
      if (step.do === "end") endOf(running.splice(which, 1)[0], step.end);
      const { turn, sentMs } = running[which] ?? { sentMs: [] };
      if (step.do === "send" && turn !== undefined && sentMs.length < turn.maxMoves) {
        sentMs.push(nowMs);
      }
    }
    for (const one of running) endOf(one, "failed");
    const inHour = inVainMs.map((from) =>
      inVainMs.filter((ms) => ms >= from && ms < from + hourMs).length
    );
    assert(Math.max(0, ...inHour) <= 13, `${Math.max(...inHour)}`);
  }));
});

Deno.test("at a provider that always fails a legion of three sends nearly 40 an hour, and goes on", () => {
  for (const addresses of [1, 2, 4, 9, 20]) {
    let nowMs = 0;
    const nodes = Array.from({ length: 3 }, () => new MovePace(limits, () => nowMs));
    const sentMs: number[] = [];
    for (; nowMs < 3 * hourMs; nowMs += 1_000) {
      for (const pace of nodes) {
        const turns: MoveTurn[] = [];
        while (turns.length < addresses && pace.refusal === undefined) turns.push(pace.begin(5));
        for (const turn of turns) {
          const sent = turn.maxMoves;
          turn.ended("failed", sent);
          sentMs.push(...Array(sent).fill(nowMs));
        }
      }
    }
    const inHour = (fromMs: number) =>
      sentMs.filter((ms) => ms >= fromMs && ms < fromMs + hourMs).length;
    const most = Math.max(...sentMs.map(inHour));
    assert(most <= 40 && most >= 36, `${addresses}: ${most}`);
    assert(inHour(2 * hourMs) >= 18, `${addresses}: ${inHour(2 * hourMs)}`);
  }
});

Deno.test("failures follow each other at once, then one by one each 12 minutes, 13 in all", () => {
  let nowMs = 0;
  const pace = new MovePace(limits, () => nowMs);
  const sentMs: number[] = [];
  for (; nowMs < hourMs; nowMs += 1_000) {
    if (pace.refusal !== undefined) continue;
    const turn = pace.begin(1);
    assertEquals(turn.maxMoves, 1);
    turn.ended("failed", 1);
    sentMs.push(nowMs / 60_000);
  }
  const burst = [0, 1, 2, 3, 4, 5, 6, 7].map((second) => second / 60);
  assertEquals(sentMs.slice(0, 8), burst);
  assertEquals(sentMs.slice(8).map(Math.floor), [12, 24, 36, 48]);
  assertMatch(pace.refusal!, /^not asked: many switches in a row have failed; .* in \d+ s$/);
});

Deno.test("takeovers at a time have a fair share, and the first gets no more than the last", () => {
  const shares = (count: number) => {
    const pace = new MovePace(limits, () => 0);
    const turns: MoveTurn[] = [];
    while (turns.length < count && pace.refusal === undefined) turns.push(pace.begin(5));
    return turns.map(({ maxMoves }) => maxMoves);
  };
  assertEquals(shares(1), [5]);
  assertEquals(shares(2), [4, 4]);
  assertEquals(shares(4), [2, 2, 2, 2]);
  assertEquals(shares(6), Array(6).fill(2));
  // Each has one before the first has two.
  assertEquals(shares(9), [2, 2, 2, 2, 1, 1, 1, 1, 1]);
  // The rest of them are asked for when others have ended.
  assertEquals(shares(20), Array(13).fill(1));
});

Deno.test("where as many are under way as may fail, the next waits for the end of one", () => {
  const pace = new MovePace(limits, () => 0);
  const [first] = Array.from({ length: 13 }, () => pace.begin(1));
  assertEquals(pace.refusal, "not asked: as many other switches are under way as may fail");
  first.ended("moved", 1);
  assertEquals(pace.refusal, undefined);
});

Deno.test("a success counts nothing, and lets those follow that failures held up", () => {
  const pace = new MovePace(limits, () => 0);
  for (let takeover = 0; takeover < 50; takeover++) pace.begin(5).ended("moved", 1);
  const slow = pace.begin(1);
  for (let takeover = 0; takeover < 7; takeover++) pace.begin(1).ended("failed", 1);
  assertMatch(pace.refusal!, /the next may be tried in 720 s$/);
  slow.ended("moved", 1);
  assertEquals([pace.refusal, pace.begin(9).maxMoves], [undefined, 6]);
});

Deno.test("requests that did not arrive, and takeovers without any, are no failures", () => {
  const pace = new MovePace(limits, () => 0);
  for (let takeover = 0; takeover < 50; takeover++) pace.begin(5).ended("failed", 0);
  assertEquals(pace.refusal, undefined);
});

Deno.test("those that are broken off hold nothing up, until 13 an hour have been", () => {
  const pace = new MovePace(limits, () => 0);
  for (let takeover = 0; takeover < 13; takeover++) {
    assertEquals(pace.refusal, undefined);
    pace.begin(5).ended("broken off", 1);
  }
  assertMatch(pace.refusal!, /the next may be tried in 3600 s$/);
});

function addressOf(ip: string): KeptAddress {
  return keptByRobot({
    username: "FOO",
    password: "BAR",
    ip,
    activeServerIp: "1.1.1.1",
    url: `http://robot.example/failover/${ip}`,
    timeoutMs: 60_000,
    deadlineMs: 180_000,
    verifyMs: 0,
    reclaim: true,
    preflight: false,
  });
}

/** Takes addresses over side by side by a provider that answers as `answer` says. */
async function sideBySide(count: number, answer: (nowMs: number) => MoveError | undefined) {
  const clock = new HandClock();
  const now = () => clock.now().monotonicMs;
  const pace = new MovePace(limits, now);
  const at = new Map<string, string>();
  const postsMs: number[] = [];
  const addresses = Array.from({ length: count }, (_, index): KeptAddress => {
    const ip = `4.4.4.${index}`;
    const look = () => Promise.resolve({ ip, pointsTo: at.get(ip) ?? "2.2.2.2" });
    return {
      ...addressOf(ip),
      look,
      move(to) {
        const error = answer(now());
        if (error?.kind !== "unsent") postsMs.push(now());
        if (error !== undefined) return Promise.reject(error);
        at.set(ip, to!);
        return look();
      },
    };
  });
  const wait = (ms: number, { signal }: { signal?: AbortSignal }) =>
    new Promise<void>((resolve) => {
      signal?.throwIfAborted();
      clock.at(now() + ms, resolve);
    });
  const run = { now, wait, random: () => 0 };
  const results: MoveResult[] = [];
  const all = Promise.all(addresses.map(async (address) => {
    results.push(
      await inPace(address, { pace, wasHere: false }, (one) => moveAddress(one, one.wanted, run)),
    );
  }));
  await clock.passSlowly(200_000);
  await all;
  return { results, postsMs, pace };
}

const locked = new RobotError({
  kind: "refused",
  status: 409,
  code: "FAILOVER_LOCKED",
  message: "",
});

for (const count of [1, 2, 4, 6, 9]) {
  Deno.test(`${count} at a time, locked for a whole switch: all are taken, by the last request`, async () => {
    const { results, postsMs } = await sideBySide(count, (ms) => ms < 60_000 ? locked : undefined);
    assertEquals(results.map(({ outcome }) => outcome), Array(count).fill("routed"));
    // Of nine only four have a second request at first: the success of some makes room for others.
    assertEquals(results.map(({ seconds }) => seconds), Array(count).fill(61));
    assert(postsMs.filter((ms) => ms < 60_000).length <= 13, `${postsMs.length}`);
  });
}

Deno.test("a network that is away for a takeover's time holds nothing up afterwards", async () => {
  const gone = new MoveError({ kind: "unsent", code: "ECONNREFUSED", message: "" });
  const { results, postsMs, pace } = await sideBySide(2, () => gone);
  assertEquals(results.map(({ outcome }) => outcome), ["try later", "try later"]);
  assertEquals([postsMs.length, pace.refusal], [0, undefined]);
});

Deno.test("three nodes, four addresses, all answers but success: at most 40 POSTs an hour", async () => {
  const clock = new HandClock();
  const now = () => clock.now().monotonicMs;
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.at(now() + ms, resolve));
  const failed = (kind: MoveErrorKind, status: number | undefined, code: string) =>
    new RobotError({ kind, status, code, message: "" });
  const answers: (RobotError | Omit<Route, "ip">)[] = [
    locked,
    failed("refused", 500, "FAILOVER_FAILED"),
    failed("unreadable", 503, "MAINTENANCE"),
    failed("lost", undefined, "TIMEOUT"),
    failed("unsent", undefined, "ECONNREFUSED"),
    failed("unreadable", 200, "UNREADABLE_REPLY"),
    failed("refused", 404, "NOT_FOUND"),
    { pointsTo: "2.2.2.2" },
    { pointsTo: "2.2.2.2", status: "processing" },
  ];
  const postsMs: number[] = [];
  let at = 0;
  const provider = (ip: string): KeptAddress => {
    const answer = (isPost: boolean) => {
      // Each follows each other one sooner or later.
      const one = answers[(at += 1 + at % 4) % answers.length];
      if (isPost && !(one instanceof MoveError && one.kind === "unsent")) postsMs.push(now());
      return one instanceof MoveError ? Promise.reject(one) : Promise.resolve({ ip, ...one });
    };
    return { ...addressOf(ip), look: () => answer(false), move: () => answer(true) };
  };
  const endMs = 65 * 60_000;
  const tryAll = async (pace: MovePace, address: KeptAddress) => {
    for (; now() < endMs; await wait(120_000)) {
      if (pace.refusal !== undefined) continue;
      const run = { now, wait, random: () => 0 };
      await inPace(address, { pace, wasHere: false }, (one) => moveAddress(one, one.wanted, run));
    }
  };
  const all = Promise.all([1, 2, 3].flatMap(() => {
    const pace = new MovePace(limits, now);
    return [1, 2, 3, 4].map((ip) => tryAll(pace, provider(`4.4.4.${ip}`)));
  }));
  await clock.passSlowly(endMs + 300_000);
  await all;
  const most = Math.max(...postsMs.map((fromMs) => {
    return postsMs.filter((ms) => ms >= fromMs && ms < fromMs + hourMs).length;
  }));
  assert(most <= 40 && most >= 30, `${most}`);
});
