import { assert, assertEquals } from "@std/assert";
import type { Fault } from "../../lib/robot/simulator.ts";
import { accessTo, startRobot, takeover } from "../robot/_setup.ts";

const run = {
  before: "there",
  random: () => 0,
  wait: (_: number, { signal }: { signal?: AbortSignal }) => {
    signal?.throwIfAborted();
    return Promise.resolve();
  },
} as const;

interface Row {
  readonly title: string;
  /** Where the address points: here, or elsewhere. */
  readonly points: "here" | "elsewhere";
  readonly faults: readonly Fault[];
  readonly outcome: string;
  readonly posts: number;
  readonly gets: number;
}

const get = { method: "GET" } as const;
const post = { method: "POST" } as const;
const error = (status: number, code: string, more: Partial<Fault> = {}): Fault =>
  ({ kind: "error", status, code, ...more }) as Fault;
const limited = (of: { method: "GET" | "POST" }) =>
  error(403, "RATE_LIMIT_EXCEEDED", { ...of, fields: { max_request: 100, interval: 3600 } });
const html = (status: number): Fault => ({ kind: "body", status, body: "<html>no</html>" });
const processing: Fault = { kind: "status", status: "processing", ...get };

const rows: readonly Row[] = [
  {
    title: "the address points here",
    points: "here",
    faults: [],
    outcome: "already routed",
    posts: 0,
    gets: 1,
  },
  {
    title: "it was taken away meanwhile",
    points: "elsewhere",
    faults: [],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "a switch to here is still running",
    points: "here",
    faults: [processing, processing],
    outcome: "already routed",
    posts: 0,
    gets: 3,
  },
  {
    title: "a switch to elsewhere is still running",
    points: "elsewhere",
    faults: [processing],
    outcome: "routed",
    posts: 1,
    gets: 2,
  },
  {
    title: "the quota of looks is used up",
    points: "here",
    faults: [limited(get)],
    outcome: "already routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "the quota of looks is used up, and it is elsewhere",
    points: "elsewhere",
    faults: [limited(get)],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "both quotas are used up",
    points: "here",
    faults: [limited(get), limited(post)],
    outcome: "presumed there",
    posts: 1,
    gets: 1,
  },
  {
    title: "the answer cannot be read",
    points: "here",
    faults: [html(200)],
    outcome: "already routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "no answer can be read",
    points: "here",
    faults: Array(9).fill(html(200)),
    outcome: "presumed there",
    posts: 1,
    gets: 2,
  },
  {
    title: "the answer is lost",
    points: "elsewhere",
    faults: [{ kind: "reset", ...get }],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "maintenance",
    points: "here",
    faults: Array(9).fill(html(503)),
    outcome: "presumed there",
    posts: 1,
    gets: 1,
  },
  {
    title: "the login is refused",
    points: "here",
    faults: [error(401, "UNAUTHORIZED")],
    outcome: "presumed there",
    posts: 0,
    gets: 1,
  },
  {
    title: "it is elsewhere, and no switch is granted",
    points: "elsewhere",
    faults: [limited(post)],
    outcome: "try later",
    posts: 1,
    gets: 1,
  },
  {
    title: "it is elsewhere, and the login is refused",
    points: "elsewhere",
    faults: [error(401, "UNAUTHORIZED", post)],
    outcome: "refused",
    posts: 1,
    gets: 1,
  },
];

for (const { title, points, faults, outcome, posts, gets } of rows) {
  Deno.test(`presumed there: ${title}: ${outcome}, ${posts} POSTs, ${gets} GETs`, async () => {
    await using robot = await startRobot({ withStatus: true });
    if (points === "here") robot.route("4.4.4.4", "2.2.2.2");
    robot.fail(...faults);
    const result = await takeover({ ...accessTo(robot), deadlineMs: 180_000 }, run);
    assertEquals(result.outcome, outcome, result.message);
    assertEquals([robot.count("POST"), robot.count("GET")], [posts, gets]);
    assertEquals([result.moves, result.looks], [posts, gets]);
    if (outcome === "routed") assertEquals(robot.activeServerIp("4.4.4.4"), "2.2.2.2");
  });
}

Deno.test("presumed there: a look that is slow holds nothing up, and the switch is asked for", async () => {
  await using robot = await startRobot();
  robot.fail({ kind: "hang", ...get });
  const options = { ...accessTo(robot), timeoutMs: 1200, deadlineMs: 180_000 };
  const result = await takeover(options, run);
  assertEquals([result.outcome, result.moves, result.looks], ["routed", 1, 1]);
  // A quarter of the time for a request, and not all of it.
  assert(result.seconds >= 0.29 && result.seconds < 1.2, `${result.seconds}`);
});

Deno.test("presumed there: nobody can be asked: it is known at once, and nothing was sent", async () => {
  const robot = await startRobot();
  const options = { ...accessTo(robot), deadlineMs: 180_000 };
  await robot.close();
  const result = await takeover(options, run);
  assertEquals([result.outcome, result.moves, result.looks], ["presumed there", 0, 0]);
});
