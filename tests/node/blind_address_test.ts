// An address that no look tells of (`http:` without look-url): what ends the trouble of a takeover.
import { assertEquals } from "@std/assert";
import type { Action } from "../../lib/base/action_kind.ts";
import { addressOf } from "../../lib/hooks/registry.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import type { AddressSight } from "../../lib/move/context.ts";
import { routeHere } from "../../lib/move/route_here.ts";
import { ActionCare } from "../../lib/node/action_care.ts";
import type { RememberedRefusal } from "../../lib/node/memory/memory.ts";
import { settingsOf } from "../http_api/_setup.ts";
import { startApi } from "../lab/any_api.ts";
import { contextOf } from "../http_api/_setup.ts";

const ip = "203.0.113.10";

/** An API that answers with these statuses, and then with 200. */
function setUp(...statuses: number[]) {
  const api = startApi(() => new Response(null, { status: statuses.shift() ?? 200 }));
  const section = `ip = ${ip}\nhere = web1\nurl = ${api.url}/move\nheader = x-token: abcd\n`;
  const action: Action = { kind: "http", settings: settingsOf(section) };
  const sights: AddressSight[] = [];
  const lines: string[] = [];
  const asked = Promise.withResolvers<void>();
  let refused: readonly RememberedRefusal[] = [];
  const guard = new AccountGuard();
  const care = new ActionCare([action], {
    guard,
    log: (level, message) => void lines.push(`${level} ${message}`),
    seen: (sight) => void sights.push(sight),
    recheck() {},
    moves(_ip, { step }) {
      if (step === "ended") asked.resolve();
    },
    refused: (logins) => void (refused = logins),
    wait: (ms, { signal }) => {
      return ms === 0 ? Promise.resolve() : new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    },
  });
  return {
    action,
    api,
    care,
    lines,
    asked: asked.promise,
    last: () => sights.at(-1),
    refused: () => refused.length,
    /** A takeover by the lord hook. */
    async takeOver() {
      const { context } = contextOf();
      const seen = (sight: AddressSight) => care.seen(sight);
      await routeHere(addressOf(action)!, { ...context, guard, seen });
      care.tellRefused();
    },
    async [Symbol.asyncDispose]() {
      await care.close();
      await api[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a lord whose switch was refused asks for it again by order, once", async () => {
  await using stage = setUp(403);
  const { care, api, action, asked, last } = stage;
  await stage.takeOver();
  care.lord(true);
  assertEquals([api.got.length, care.hasTrouble], [1, true]);
  await care.replace([action]);
  await asked;
  assertEquals([api.got.length, care.hasTrouble], [2, false]);
  assertEquals([last()?.pointsTo, last()?.problem], ["web1(not-verified)", undefined]);
  await care.replace([action]);
  assertEquals(api.got.length, 2);
});

Deno.test("another node asks for nothing by order: its trouble is over, a refused login too", async () => {
  await using stage = setUp(401);
  const { care, api, action, last, lines, refused } = stage;
  await stage.takeOver();
  assertEquals([refused(), care.hasTrouble], [1, true]);
  await care.replace([action]);
  assertEquals([refused(), care.hasTrouble, last()?.problem], [0, false, undefined]);
  assertEquals([api.got.length, lines], [1, []]);
});

Deno.test("a login that was refused before a start is forgotten where somebody wanted the start", async () => {
  for (const isOrdered of [false, true]) {
    await using stage = setUp();
    const { care, api, refused } = stage;
    care.haveFailed([{ provider: "http", ips: [ip], failedWallMs: 1_000 }]);
    care.tellRefused();
    care.preflight(isOrdered);
    assertEquals([refused(), api.got.length], [isOrdered ? 0 : 1, 0]);
  }
});

Deno.test("a takeover by hand is believed, since nobody else can tell", async () => {
  await using stage = setUp(403);
  const { care, api, last } = stage;
  await stage.takeOver();
  care.lord(true);
  await care.look(ip);
  assertEquals([care.hasTrouble, last()], [true, undefined]);
  await care.look(ip, "web1");
  assertEquals([care.hasTrouble, last()?.pointsTo], [false, "web1(not-verified)"]);
  await care.look(ip, "web2");
  assertEquals([last()?.pointsTo, api.got.length], ["web2(not-verified)", 1]);
});
