import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { afterLook, afterMove, type Course, newCourse } from "../../lib/move/_course.ts";
import type { MoveErrorKind } from "../../lib/move/move_error.ts";
import type { Route } from "../../lib/move/provider.ts";
import { robotProvider } from "../../lib/robot/provider.ts";
import { RobotError } from "../../lib/robot/errors.ts";

const told = (kind: MoveErrorKind, status: number | undefined, code: string) =>
  new RobotError({ kind, status, code, message: "" });

const robot = robotProvider({
  username: "FOO",
  password: "BAR",
  ip: "4.4.4.4",
  url: "http://robot.example/failover/4.4.4.4",
  timeoutMs: 60_000,
  deadlineMs: 180_000,
});
const begun = () => newCourse(robot, "2.2.2.2");

const failover = (pointsTo: string | null, status?: "ready" | "processing"): Route => ({
  ip: "4.4.4.4",
  pointsTo,
  status,
});

const anyReply = fc.oneof(
  fc.record({
    ip: fc.constant("4.4.4.4"),
    pointsTo: fc.constantFrom("1.1.1.1", "2.2.2.2", null),
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
    let course: Course = begun();
    let next = "move";
    for (const reply of replies) {
      const [after, step] = next === "move" ? afterMove(course, reply) : afterLook(course, reply);
      assert(after.moves <= 5 && after.looks <= 15);
      assertEquals(after.moves + after.looks, course.moves + course.looks + 1);
      if (reply instanceof RobotError && reply.status === 401 && reply.kind !== "lost") {
        assert(step.next === "end" && step.outcome === "refused");
      }
      if (!(reply instanceof RobotError) && step.next === "end" && !("trouble" in step)) {
        assertEquals([reply.pointsTo, reply.status === "processing"], ["2.2.2.2", false]);
      }
      if (step.next === "end") return;
      if (step.next === "move") assert(after.moves < 5 && !after.processing);
      else assert(after.looks < 15);
      [course, next] = [after, step.next];
    }
    throw new Error("it did not end");
  }));
});

Deno.test("who moved the address is told by whether an own POST may have", () => {
  const [lost] = afterMove(begun(), told("lost", undefined, "TIMEOUT"));
  const [locked] = afterMove(begun(), told("refused", 409, "FAILOVER_LOCKED"));
  assertEquals(afterLook(lost, failover("2.2.2.2"))[1], { next: "end", outcome: "routed" });
  assertEquals(afterLook(locked, failover("2.2.2.2"))[1], {
    next: "end",
    outcome: "already routed",
  });
});

Deno.test("a look that fails is one look: after the third the switch is asked for again", () => {
  let [course, step] = afterMove(begun(), told("lost", undefined, "TIMEOUT"));
  const asked = [];
  for (let looks = 0; looks < 3; looks++) {
    asked.push(step.next);
    [course, step] = afterLook(course, told("lost", undefined, "TIMEOUT"));
  }
  assertEquals([...asked, step.next], ["look", "look", "look", "move"]);
});

Deno.test("a lock that the Robot says is gone is not looked at again", () => {
  const [locked] = afterMove(begun(), told("refused", 409, "FAILOVER_LOCKED"));
  const many = { ...locked, moves: 4 };
  assertEquals(afterLook(many, failover("1.1.1.1", "ready"))[1].next, "move");
  assertEquals(afterLook(many, failover("1.1.1.1"))[1].next, "look");
  assertEquals(afterLook(many, failover(null, "processing"))[1].next, "look");
});
