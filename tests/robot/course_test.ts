import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { afterGet, afterPost, type Course, newCourse } from "../../lib/robot/_course.ts";
import { meaningOf } from "../../lib/robot/meaning.ts";
import { RobotError, type RobotErrorKind } from "../../lib/robot/errors.ts";
import type { Failover } from "../../lib/robot/failover.ts";

const told = (kind: RobotErrorKind, status: number | undefined, code: string) =>
  new RobotError({ kind, status, code, message: "" });

Deno.test("what each error means: the table of API.md", () => {
  for (
    const [kind, status, code, meaning] of [
      ["refused", 409, "FAILOVER_ALREADY_ROUTED", "there"],
      ["refused", 409, "FAILOVER_LOCKED", "locked"],
      ["refused", 400, "INVALID_INPUT", "refused"],
      ["refused", 401, "UNAUTHORIZED", "refused"],
      ["refused", 403, "RATE_LIMIT_EXCEEDED", "limited"],
      ["refused", 404, "NOT_FOUND", "refused"],
      ["refused", 404, "FAILOVER_NEW_SERVER_NOT_FOUND", "refused"],
      ["refused", 500, "FAILOVER_FAILED", "broken"],
      ["refused", 500, "FAILOVER_NOT_COMPLETE", "broken"],
      ["refused", 500, "INTERNAL_ERROR", "broken"],
      ["refused", 503, "MAINTENANCE", "maintenance"],
      ["unreadable", 503, "MAINTENANCE", "maintenance"],
      ["lost", undefined, "ECONNRESET", "unknown"],
      ["lost", undefined, "TIMEOUT", "unknown"],
      ["refused", 502, "BAD_GATEWAY", "unknown"],
      ["unreadable", 200, "UNREADABLE_REPLY", "unknown"],
      // A code counts only with its own status.
      ["refused", 500, "FAILOVER_ALREADY_ROUTED", "unknown"],
      ["refused", 409, "NOT_FOUND", "unknown"],
      ["unsent", undefined, "ECONNREFUSED", "unsent"],
      ["untrusted", undefined, "CERT_HAS_EXPIRED", "refused"],
      ["unreadable", 200, "OTHER_ADDRESS", "refused"],
    ] as const
  ) {
    assertEquals(meaningOf(told(kind, status, code)), meaning, `${kind} ${status} ${code}`);
  }
});

const failover = (activeServerIp: string | null, status?: "ready" | "processing"): Failover => ({
  ip: "4.4.4.4",
  activeServerIp,
  status,
});

const anyReply = fc.oneof(
  fc.record({
    ip: fc.constant("4.4.4.4"),
    activeServerIp: fc.constantFrom("1.1.1.1", "2.2.2.2", null),
    status: fc.constantFrom("ready" as const, "processing" as const, undefined),
  }),
  fc.record({
    kind: fc.constantFrom("refused" as const, "unreadable" as const, "lost" as const),
    status: fc.constantFrom(200, 302, 400, 401, 403, 404, 409, 500, 503),
    code: fc.constantFrom(
      "FAILOVER_LOCKED",
      "FAILOVER_ALREADY_ROUTED",
      "FAILOVER_FAILED",
      "INVALID_INPUT",
      "RATE_LIMIT_EXCEEDED",
      "NOT_FOUND",
      "OTHER",
    ),
    message: fc.string(),
  }).map((init) => new RobotError(init)),
);

Deno.test("whatever the replies, a takeover ends within 5 POSTs and 15 GETs", () => {
  fc.assert(fc.property(fc.array(anyReply, { minLength: 20, maxLength: 20 }), (replies) => {
    let course: Course = newCourse("2.2.2.2");
    let next = "POST";
    for (const reply of replies) {
      const [after, step] = next === "POST" ? afterPost(course, reply) : afterGet(course, reply);
      assert(after.posts <= 5 && after.gets <= 15);
      assertEquals(after.posts + after.gets, course.posts + course.gets + 1);
      if (reply instanceof RobotError && reply.status === 401 && reply.kind !== "lost") {
        assert(step.next === "end" && step.outcome === "refused");
      }
      if (!(reply instanceof RobotError) && step.next === "end" && !("trouble" in step)) {
        assertEquals([reply.activeServerIp, reply.status === "processing"], ["2.2.2.2", false]);
      }
      if (step.next === "end") return;
      if (step.next === "POST") assert(after.posts < 5 && !after.processing);
      else assert(after.gets < 15);
      [course, next] = [after, step.next];
    }
    throw new Error("it did not end");
  }));
});

Deno.test("who moved the address is told by whether an own POST may have", () => {
  const [lost] = afterPost(newCourse("2.2.2.2"), told("lost", undefined, "TIMEOUT"));
  const [locked] = afterPost(newCourse("2.2.2.2"), told("refused", 409, "FAILOVER_LOCKED"));
  assertEquals(afterGet(lost, failover("2.2.2.2"))[1], { next: "end", outcome: "routed" });
  assertEquals(afterGet(locked, failover("2.2.2.2"))[1], {
    next: "end",
    outcome: "already routed",
  });
});

Deno.test("a look that fails is one look: after the third the switch is asked for again", () => {
  let [course, step] = afterPost(newCourse("2.2.2.2"), told("lost", undefined, "TIMEOUT"));
  const asked = [];
  for (let looks = 0; looks < 3; looks++) {
    asked.push(step.next);
    [course, step] = afterGet(course, told("lost", undefined, "TIMEOUT"));
  }
  assertEquals([...asked, step.next], ["GET", "GET", "GET", "POST"]);
});

Deno.test("a lock that the Robot says is gone is not looked at again", () => {
  const [locked] = afterPost(newCourse("2.2.2.2"), told("refused", 409, "FAILOVER_LOCKED"));
  const many = { ...locked, posts: 4 };
  assertEquals(afterGet(many, failover("1.1.1.1", "ready"))[1].next, "POST");
  assertEquals(afterGet(many, failover("1.1.1.1"))[1].next, "GET");
  assertEquals(afterGet(many, failover(null, "processing"))[1].next, "GET");
});
