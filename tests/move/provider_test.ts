// The course of a takeover with a provider that is not the Robot.
import { assertEquals } from "@std/assert";
import { moveAddress, type MoveProgress } from "../../lib/move/move_address.ts";
import { MoveError, type MoveErrorKind } from "../../lib/move/move_error.ts";
import type { Provider } from "../../lib/move/provider.ts";

/** An answer: where the address points, or the kind of an error, or a switch that ended in one. */
type Answer = string | null | MoveErrorKind | "busy" | { readonly failedAt: string };

/**
 * A provider of servers by their names, of which `self` is `web1`, whose answers are given; the last
 * one is repeated.
 */
function provider(...answers: Answer[]): Provider {
  const waits = { firstMs: 100, maxMs: 100 };
  const answer = () => {
    const next = answers.length > 1 ? answers.shift()! : answers[0];
    if (typeof next === "object" && next !== null) {
      const failure = { code: "broken_disk", message: "the switch broke" };
      return Promise.resolve({ ip: "address-1", pointsTo: next.failedAt, failure });
    }
    if (next === "lost" || next === "refused" || next === "busy") {
      const kind = next === "lost" ? next : "refused";
      throw new MoveError({ kind, code: next.toUpperCase(), message: "no" });
    }
    return Promise.resolve({ ip: "address-1", pointsTo: next });
  };
  return {
    name: "acme",
    title: "Acme API",
    account: "one",
    user: "one",
    ip: "address-1",
    timeoutMs: 1_000,
    deadlineMs: 10_000,
    pace: {
      maxMoves: 2,
      maxLooks: 3,
      look: waits,
      maintenance: waits,
      again: waits,
      connect: waits,
      failing: { most: 6, eachMs: 60_000 },
    },
    requests: { look: "show", move: "assign", drop: "unassign" },
    prepare: () => Promise.resolve(),
    reach: () => Promise.resolve({ host: "acme:443", address: "", certificate: "verified" }),
    look: answer,
    move: answer,
    list: () => Promise.resolve({ addresses: [], unreadable: [] }),
    serverProblem: () => undefined,
    same: (a, b) => nameOf(a) === nameOf(b),
    serverName: nameOf,
    meaning: ({ kind, code }) =>
      code === "BUSY" ? "busy" : kind === "refused" ? "refused" : "unknown",
  };
}

function nameOf(server: string): string {
  return server === "self" ? "web1" : server.toLowerCase();
}

/** The result of a takeover that takes no time, and its requests. */
async function moved(to: string | null, ...answers: Parameters<typeof provider>) {
  const requests: string[] = [];
  const onProgress = (progress: MoveProgress) => {
    if (progress.kind === "request") requests.push(progress.method);
  };
  const wait = () => Promise.resolve();
  const { outcome, message, moves, looks } = await moveAddress(provider(...answers), to, {
    onProgress,
    wait,
  });
  return { outcome, message, requests, counts: [moves, looks] };
}

Deno.test("a provider compares addresses, and names its requests, in its own way", async () => {
  assertEquals(await moved("web1", "WEB1"), {
    outcome: "routed",
    message: "address-1 points to web1",
    requests: ["assign"],
    counts: [1, 0],
  });
  assertEquals((await moved(null, "lost", null)).requests, ["unassign", "show"]);
});

Deno.test("a provider's own limits end a takeover, and its own meaning of an error", async () => {
  const { outcome, counts, requests } = await moved("web1", "lost");
  assertEquals([outcome, counts], ["unknown", [2, 3]]);
  assertEquals(requests, ["assign", "show", "show", "show", "assign"]);
  assertEquals((await moved("web1", "refused")).outcome, "refused");
});

Deno.test("a provider is called by its title", async () => {
  const { message } = await moved("web1", "web2");
  assertEquals(message, "the Acme API carried it out, and yet address-1 points to web2");
});

Deno.test("a server is told by its own name, whatever the settings call it", async () => {
  const { outcome, message } = await moved("self", "web1");
  assertEquals([outcome, message], ["routed", "address-1 points to web1"]);
});

Deno.test("a busy provider is asked for the same again, without a look between", async () => {
  const once = await moved("web1", "busy", "web1");
  assertEquals([once.outcome, once.requests], ["routed", ["assign", "assign"]]);
  const always = await moved("web1", "busy");
  assertEquals([always.outcome, always.counts], ["try later", [2, 0]]);
  const looks = await moved("web1", "lost", "busy", "web1");
  assertEquals([looks.outcome, looks.requests], ["routed", ["assign", "show", "show"]]);
});

Deno.test("a switch that fails after its answer is asked for again", async () => {
  const again = await moved("web1", "lost", { failedAt: "web2" }, "web1");
  assertEquals([again.outcome, again.requests], ["routed", ["assign", "show", "assign"]]);
  const always = await moved("web1", "lost", { failedAt: "web2" }, "lost", { failedAt: "web2" });
  // No switch is under way any more, so this is certain.
  assertEquals(always.outcome, "try later");
  assertEquals(always.message, "the switch broke; address-1 points to web2");
});
