import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Course, newCourse } from "../../lib/move/_course.ts";
import { afterLook as afterLookAt, afterMove, switchMs } from "../../lib/move/_replies.ts";
import type { MoveErrorKind } from "../../lib/move/move_error.ts";
import type { Route } from "../../lib/move/provider.ts";
import { robotProvider } from "../../lib/robot/provider.ts";
import { RobotError } from "../../lib/robot/errors.ts";

const told = (kind: MoveErrorKind, status: number | undefined, code: string) =>
  new RobotError({ kind, status, code, message: "" });

const afterLook = (course: Course, reply: Route | RobotError) => afterLookAt(course, reply, 0);

const robot = robotProvider({
  username: "FOO",
  password: "BAR",
  ip: "4.4.4.4",
  url: "http://robot.example/failover/4.4.4.4",
  timeoutMs: 60_000,
  deadlineMs: 180_000,
});
const begun = () => newCourse(robot, "2.2.2.2")[0];

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
  const twenty = fc.array(anyReply, { minLength: 20, maxLength: 20 });
  const any = fc.constantFrom(undefined, "there" as const, "on its way" as const);
  fc.assert(fc.property(twenty, any, (replies, before) => {
    let [course, { next }]: [Course, { next: string }] = newCourse(robot, "2.2.2.2", before);
    for (const reply of replies) {
      const [after, step] = next === "move" ? afterMove(course, reply) : afterLook(course, reply);
      assert(after.moves <= 5 && after.looks <= 15);
      assertEquals(after.moves + after.looks, course.moves + course.looks + 1);
      if (reply instanceof RobotError && reply.status === 401 && reply.kind !== "lost") {
        const outcome = course.presumed ? "presumed there" : "refused";
        assert(step.next === "end" && step.outcome === outcome);
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
  const [maintained] = afterMove(begun(), told("unreadable", 503, "MAINTENANCE"));
  assertEquals(afterLook(lost, failover("2.2.2.2"))[1], { next: "end", outcome: "routed" });
  assertEquals(afterLook(maintained, failover("2.2.2.2"))[1], {
    next: "end",
    outcome: "already routed",
  });
});

Deno.test("an address that is there while it is locked may be on its way elsewhere", () => {
  const [first] = afterMove(begun(), told("refused", 409, "FAILOVER_LOCKED"));
  const here = failover("2.2.2.2");
  // The next request for the switch tells; the last one waits until the lock must have gone.
  assertEquals(afterLookAt(first, here, 1_000)[1].next, "move");
  const locked = { ...first, moves: 4 };
  const [once, again] = afterLookAt(locked, here, 1_000);
  assertEquals(again.next, "look");
  // Two looks that agree with a whole switch time between them tell that no switch runs.
  assertEquals(afterLookAt(once, here, switchMs + 999)[1].next, "look");
  assertEquals(afterLookAt(once, here, switchMs + 1_000)[1], {
    next: "end",
    outcome: "already routed",
  });
  // A look between them that shows another place begins that time anew: the last request tells.
  const [gone] = afterLookAt(once, failover("1.1.1.1"), 4_000);
  assertEquals(afterLookAt(gone, here, switchMs + 999)[1].next, "look");
  assertEquals(afterLookAt(gone, here, switchMs + 1_000)[1].next, "move");
  // Where the lock is gone, the request for the switch tells at once.
  const ready = afterLookAt(locked, failover("2.2.2.2", "ready"), 1_000)[1];
  assertEquals([ready.next, "haste" in ready && ready.haste], ["move", "now"]);
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

const presumed = () => newCourse(robot, "2.2.2.2", "there");
const lost = told("lost", undefined, "TIMEOUT");
const nothing = { code: "TIMEOUT", message: "" };

Deno.test("an address that is presumed there is looked at, and nothing is asked for if it is", () => {
  const [course, step] = presumed();
  assertEquals([step.next, step.haste], ["look", "now"]);
  const [after, end] = afterLook(course, failover("2.2.2.2", "ready"));
  assertEquals(end, { next: "end", outcome: "already routed" });
  assertEquals([after.moves, after.looks], [0, 1]);
});

Deno.test("an address that is presumed there and is elsewhere is moved at once", () => {
  for (const pointsTo of ["1.1.1.1", null]) {
    const [course, step] = afterLook(presumed()[0], failover(pointsTo));
    assert(step.next === "move" && step.haste === "now");
    // From then on a failure counts, and is waited out.
    const [, again] = afterMove(course, told("refused", 503, "MAINTENANCE"));
    assert(again.next === "look" && again.haste === "maintenance");
    assertEquals(afterMove(course, told("refused", 401, "UNAUTHORIZED"))[1], {
      next: "end",
      outcome: "refused",
      trouble: { code: "UNAUTHORIZED", message: "", retryAfterMs: undefined },
    });
  }
});

Deno.test("a look that tells nothing is followed by the request for the switch, which tells it", () => {
  for (
    const reply of [lost, told("unreadable", 200, "UNREADABLE_REPLY"), told("refused", 500, "X")]
  ) {
    const [course, step] = afterLook(presumed()[0], reply);
    assert(step.next === "move" && step.haste === "now");
    const there = told("refused", 409, "FAILOVER_ALREADY_ROUTED");
    assertEquals(afterMove(course, there)[1], { next: "end", outcome: "already routed" });
    assertEquals(afterMove(course, failover("2.2.2.2"))[1], { next: "end", outcome: "routed" });
  }
});

Deno.test("where nobody says where the address points, it is presumed there, without a wait", () => {
  const end = (code: string) => ({
    next: "end" as const,
    outcome: "presumed there" as const,
    trouble: { ...nothing, code, retryAfterMs: undefined },
  });
  const [unknown] = afterLook(presumed()[0], lost);
  const noConnection = told("unsent", undefined, "ECONNREFUSED");
  const wrong = told("refused", 401, "UNAUTHORIZED");
  // A provider that cannot be asked is not asked for a switch either; a failed login is not repeated.
  assertEquals(afterLook(presumed()[0], noConnection)[1], end("ECONNREFUSED"));
  assertEquals(afterLook(presumed()[0], wrong)[1], end("UNAUTHORIZED"));
  assertEquals(afterMove(unknown, noConnection)[1], end("ECONNREFUSED"));
  assertEquals(afterMove(unknown, wrong)[1], end("UNAUTHORIZED"));
  assertEquals(afterMove(unknown, told("refused", 503, "MAINTENANCE"))[1], end("MAINTENANCE"));
  const limited = told("refused", 403, "RATE_LIMIT_EXCEEDED");
  assertEquals(afterMove(unknown, limited)[1], end("RATE_LIMIT_EXCEEDED"));
  const [both, look] = afterMove(unknown, lost);
  assert(look.next === "look" && look.haste === "now");
  assertEquals(afterLook(both, lost)[1], end("TIMEOUT"));
});

Deno.test("a switch that runs is waited for, also where the address was presumed there", () => {
  const [running, look] = afterLook(presumed()[0], failover("2.2.2.2", "processing"));
  assert(look.next === "look" && look.haste === "look");
  assertEquals(afterLook(running, failover("1.1.1.1", "ready"))[1].next, "move");
  const [unknown] = afterLook(presumed()[0], lost);
  const [locked, wait] = afterMove(unknown, told("refused", 409, "FAILOVER_LOCKED"));
  assert(wait.next === "look" && wait.haste === "look" && !locked.presumed);
});

Deno.test("a quota of looks that is used up keeps no switch from being asked for", () => {
  const limited = told("refused", 403, "RATE_LIMIT_EXCEEDED");
  assertEquals(afterLook(presumed()[0], limited)[1].next, "move");
});

Deno.test("an address that may be on its way is looked at first, and nothing is presumed of it", () => {
  const [course, step] = newCourse(robot, "2.2.2.2", "on its way");
  assertEquals([step.next, step.haste], ["look", "now"]);
  assertEquals(afterLook(course, failover("2.2.2.2"))[1], {
    next: "end",
    outcome: "already routed",
  });
  assertEquals(afterLook(course, failover("1.1.1.1"))[1].next, "move");
  assertEquals(afterLook(course, lost)[1].next, "move");
  const wait = afterLook(course, told("unsent", undefined, "ECONNREFUSED"))[1];
  assert(wait.next === "look" && wait.haste === "connect");
  const refused = afterLook(course, told("refused", 401, "UNAUTHORIZED"))[1];
  assert(refused.next === "end" && refused.outcome === "refused");
});
