// The course of a takeover with a provider that is not the Robot.
import { assertEquals } from "@std/assert";
import { moveAddress, type MoveProgress } from "../../lib/move/move_address.ts";
import { MoveError, type MoveErrorKind } from "../../lib/move/move_error.ts";
import type { Provider } from "../../lib/move/provider.ts";

/** A provider of servers by their names, whose answers are given; the last one is repeated. */
function provider(...answers: (string | null | MoveErrorKind)[]): Provider {
  const waits = { firstMs: 100, maxMs: 100 };
  const answer = () => {
    const next = answers.length > 1 ? answers.shift()! : answers[0];
    if (next === "lost" || next === "refused") {
      throw new MoveError({ kind: next, code: next.toUpperCase(), message: "no" });
    }
    return Promise.resolve({ ip: "address-1", pointsTo: next });
  };
  return {
    name: "acme",
    title: "Acme API",
    account: "one",
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
    same: (a, b) => a.toLowerCase() === b.toLowerCase(),
    meaning: ({ kind }) => kind === "refused" ? "refused" : "unknown",
  };
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
