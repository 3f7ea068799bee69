// Takeovers of a floating IP under faults: what becomes of them, and the requests that they cost.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { floatingIpProvider } from "../../lib/hcloud/floating.ts";
import type { CloudFault } from "../../lib/hcloud/simulator.ts";
import type { MoveProgress } from "../../lib/move/move_address.ts";
import { moveAddress } from "../../lib/move/move_address.ts";
import { errorCodes, startCloud, tokens } from "../lab/cloud.ts";
import { requestsOf, settingsFor, takeover, virtualTime } from "./_setup.ts";

interface Row {
  readonly title: string;
  readonly faults: readonly CloudFault[];
  readonly outcome: string;
  readonly code?: string;
  readonly posts: number;
  readonly gets: number;
  /** Where the address is in the end; the server that asks when left out. */
  readonly at?: number;
}

const assign = "POST /actions/assign";
const look = "GET /floating_ips/11";
const error = (code: string, more: Partial<CloudFault> = {}): CloudFault =>
  ({ kind: "error", code, on: assign, ...more }) as CloudFault;
const times = (count: number, fault: CloudFault) => Array.from({ length: count }, () => fault);
const action = (code: string): CloudFault => ({ kind: "action", code, on: assign });

const rows: readonly Row[] = [
  { title: "all is well", faults: [], outcome: "routed", posts: 1, gets: 1 },
  {
    title: "locked for a while",
    faults: times(2, error("locked")),
    outcome: "routed",
    posts: 3,
    gets: 3,
  },
  {
    title: "locked for ever",
    faults: times(99, error("locked")),
    outcome: "try later",
    code: "locked",
    posts: 30,
    gets: 30,
    at: 42,
  },
  { title: "conflict", faults: [error("conflict")], outcome: "routed", posts: 2, gets: 2 },
  {
    title: "a quota that is used up for a moment",
    faults: times(3, error("rate_limit_exceeded")),
    outcome: "routed",
    posts: 4,
    gets: 1,
  },
  {
    title: "a quota that is used up for ever",
    faults: times(99, error("rate_limit_exceeded")),
    outcome: "try later",
    code: "rate_limit_exceeded",
    posts: 13,
    gets: 0,
    at: 42,
  },
  {
    title: "maintenance",
    faults: [error("maintenance"), { kind: "body", status: 503, body: "<html>", on: look }],
    outcome: "routed",
    posts: 2,
    gets: 3,
  },
  {
    title: "503 that is not the Cloud's",
    faults: [{ kind: "body", status: 503, body: "<html>", on: assign }],
    outcome: "routed",
    posts: 2,
    gets: 2,
  },
  {
    title: "an error, and yet it was carried out",
    faults: [error("server_error", { after: true })],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "a lost reply, carried out",
    faults: [{ kind: "reset", after: true, on: assign }],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "a lost reply, not carried out",
    faults: [{ kind: "reset", on: assign }],
    outcome: "routed",
    posts: 2,
    gets: 4,
  },
  {
    title: "a reply that is no JSON",
    faults: [{ kind: "body", status: 201, body: "<html>", on: assign, after: true }],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "a reply without its fields",
    faults: [{ kind: "alter", alter: () => ({ action: { id: 1 } }), on: assign }],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "looks without their fields",
    faults: [
      { kind: "reset", on: assign, after: true },
      ...times(2, { kind: "alter", alter: () => ({ floating_ip: { id: 11 } }), on: look }),
    ],
    outcome: "routed",
    posts: 1,
    gets: 3,
  },
  {
    title: "a success that is none",
    faults: [{
      kind: "alter",
      alter: ({ floating_ip }) => ({ floating_ip: { ...floating_ip, server: 44 } }),
      on: look,
    }],
    outcome: "refused",
    code: "NOT_ROUTED",
    posts: 1,
    gets: 1,
  },
  {
    title: "an action that ends in an error",
    faults: [action("action_failed")],
    outcome: "routed",
    posts: 2,
    gets: 2,
  },
  {
    title: "actions that end in an error for ever",
    faults: times(99, action("action_failed")),
    outcome: "try later",
    code: "action_failed",
    posts: 13,
    gets: 13,
    at: 42,
  },
  {
    title: "an address that must be unassigned first",
    faults: [error("floating_ip_assigned")],
    outcome: "routed",
    posts: 3,
    gets: 3,
  },
  {
    title: "an address that must be unassigned, and still must be",
    faults: times(2, error("floating_ip_assigned")),
    outcome: "refused",
    code: "STILL_ASSIGNED",
    posts: 3,
    gets: 2,
    at: 0,
  },
  {
    title: "an address that is said to be assigned, and is so here",
    faults: [error("floating_ip_assigned", { after: true })],
    outcome: "routed",
    posts: 1,
    gets: 1,
  },
  {
    title: "a redirect",
    faults: [{ kind: "body", status: 302, body: "", headers: { location: "/x" }, on: assign }],
    outcome: "routed",
    posts: 2,
    gets: 4,
  },
];

for (const { title, faults, outcome, code, posts, gets, at } of rows) {
  Deno.test(`${title}: ${outcome}, after ${posts} POSTs and ${gets} GETs`, async () => {
    await using cloud = await startCloud();
    cloud.fail(...faults);
    const result = await takeover(settingsFor(cloud), virtualTime().run);
    assertEquals(result.outcome, outcome, result.message);
    assertEquals("code" in result ? result.code : undefined, code);
    assertEquals([cloud.count("POST"), cloud.count("GET")], [posts, gets]);
    assertEquals(cloud.serverOf("131.232.99.1") ?? 0, at ?? 43);
  });
}

/** The codes after which a takeover may succeed in the end, and the POSTs that this costs. */
const notRefused: Readonly<Record<string, number>> = {
  floating_ip_assigned: 3,
  locked: 2,
  conflict: 2,
  rate_limit_exceeded: 2,
  maintenance: 2,
  unavailable: 2,
  timeout: 2,
  bad_gateway: 2,
  server_error: 2,
  service_error: 2,
  unknown_error: 2,
};
for (const code of errorCodes) {
  const posts = notRefused[code];
  Deno.test(`${code}: ${posts === undefined ? "refused" : `${posts} POSTs`}`, async () => {
    await using cloud = await startCloud();
    cloud.fail({ kind: "error", code, on: assign });
    const result = await takeover(settingsFor(cloud), virtualTime().run);
    assertEquals(result.outcome, posts === undefined ? "refused" : "routed", result.message);
    assertEquals(cloud.count("POST"), posts ?? 1);
    if (posts !== undefined) return;
    assertEquals([result.moves, result.looks, cloud.count()], [1, 0, 1]);
    assertEquals("code" in result && result.code, code === "unauthorized" ? "UNAUTHORIZED" : code);
  });
}

Deno.test("an action is asked for until it has ended, and then where the address is", async () => {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  await using cloud = await startCloud({ actionMs: 15_000, wait: () => promise });
  const { run, waits } = virtualTime((count) => {
    if (count === 5) done();
  });
  const progress: string[] = [];
  const onProgress = (step: MoveProgress) => {
    if (step.kind === "reply") progress.push(`${step.method}: ${step.status} ${step.pointsTo}`);
  };
  const result = await takeover(settingsFor(cloud), { ...run, onProgress });
  assertEquals([result.outcome, result.message], ["routed", "11 points to 43"]);
  assertEquals(waits.slice(0, 5), [500, 1500, 2000, 2000, 2000]);
  const asked = requestsOf(cloud);
  assertEquals(asked.slice(0, 5), [
    "POST /floating_ips/11/actions/assign",
    "GET /actions/1",
    "GET /floating_ips/11",
    "GET /actions/1",
    "GET /actions/1",
  ]);
  assertEquals(asked.at(-1), "GET /floating_ips/11");
  assertEquals(cloud.count("POST"), 1);
  assertEquals(progress.slice(0, 2), ["assign: processing null", "look: processing 42"]);
});

Deno.test("an action that outlasts the deadline leaves the outcome open", async () => {
  const never = Promise.withResolvers<void>();
  await using cloud = await startCloud({ actionMs: 15_000, wait: () => never.promise });
  const result = await takeover(settingsFor(cloud), virtualTime().run);
  assertEquals([result.outcome, result.moves], ["unknown", 1]);
  assert(result.seconds <= 60, `${result.seconds}`);
  assert(cloud.count("GET") < 40, `${cloud.count("GET")}`);
  never.resolve();
});

Deno.test("an action that is found to have failed is asked for again", async () => {
  const ends = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let begun = 0;
  await using cloud = await startCloud({ actionMs: 15_000, wait: () => ends[begun++].promise });
  cloud.fail({ kind: "action", code: "action_failed", message: "no luck", on: assign });
  const told: string[] = [];
  const { run } = virtualTime((count) => ends[count === 1 ? 0 : 1].resolve());
  const onProgress = (step: MoveProgress) => {
    if (step.kind === "wait") told.push(`${step.next}: ${step.message}`);
  };
  const result = await takeover(settingsFor(cloud), { ...run, onProgress });
  assertEquals([result.outcome, cloud.count("POST")], ["routed", 2]);
  assertEquals(told[1], "assign: no luck; 11 points to 42");
});

Deno.test("an address that must be unassigned is so in each takeover, also where somebody did it", async () => {
  await using cloud = await startCloud({ refusesAssigned: true });
  const provider = floatingIpProvider(settingsFor(cloud));
  for (const [to, id] of [["43", 43], ["42", 42]] as const) {
    const result = await moveAddress(provider, to, virtualTime().run);
    assertEquals([result.outcome, cloud.serverOf("131.232.99.1")], ["routed", id]);
  }
  assertEquals(cloud.count("POST"), 6);
  const byHand = virtualTime(() => cloud.assign("131.232.99.1", null));
  assertEquals((await moveAddress(provider, "43", byHand.run)).outcome, "routed");
  assertEquals(cloud.serverOf("131.232.99.1"), 43);
});

Deno.test("a slow reply is waited for, and one that hangs is given up", async () => {
  await using cloud = await startCloud();
  cloud.fail({ kind: "hang", on: assign });
  const settings = settingsFor(cloud, { timeoutMs: 200, deadlineMs: 5_000 });
  const result = await takeover(settings, virtualTime().run);
  assertEquals([result.outcome, cloud.count("POST")], ["routed", 2]);
  cloud.fail({ kind: "slow", ms: 50, on: assign });
  assertEquals((await takeover({ ...settings, server: "42" })).outcome, "routed");
});

Deno.test("without a connection no request is counted", async () => {
  const cloud = await startCloud();
  const settings = settingsFor(cloud);
  await cloud.close();
  const { outcome, moves, looks } = await takeover(settings, virtualTime().run);
  assertEquals([outcome, moves, looks], ["try later", 0, 0]);
});

Deno.test("the ways to say which address and which server, each with one look-up", async () => {
  await using cloud = await startCloud();
  const metadata = await cloud.metadataOf(43);
  const page = "per_page=50&page=1";
  const cases = [
    ["ip", "131.232.99.1", "43", [`/floating_ips?${page}`]],
    ["name", "web", "43", [`/floating_ips?name=web&${page}`]],
    ["id", "11", "43", []],
    ["id", "11", "two", ["/servers?name=two&per_page=50&page=1"]],
    ["id", "11", "self", ["/hetzner/v1/metadata/instance-id"]],
  ] as const;
  for (const [by, ip, server, lookUps] of cases) {
    cloud.assign("131.232.99.1", 42);
    const settings = settingsFor(cloud, { by, ip, server, metadata });
    const from = cloud.requests.length;
    assertEquals((await takeover(settings)).outcome, "routed");
    const usual = ["POST /floating_ips/11/actions/assign", "GET /floating_ips/11"];
    assertEquals(requestsOf(cloud, from), [...lookUps.map((path) => `GET ${path}`), ...usual]);
    // Answers that were given once are known.
    const again = cloud.requests.length;
    assertEquals((await takeover(settings)).outcome, "routed");
    assertEquals(requestsOf(cloud, again), usual);
  }
});

Deno.test("an IPv6 subnet is found by any address in it", async () => {
  await using cloud = await startCloud();
  for (const ip of ["2001:db8:f::", "2001:DB8:F:0::1"]) {
    const settings = settingsFor(cloud, { by: "ip", ip });
    assertEquals((await takeover(settings)).outcome, "routed");
    assertEquals(cloud.serverOf("2001:db8:f::"), 43);
    cloud.assign("2001:db8:f::", 42);
  }
});

Deno.test("a server that was made anew is found by its name", async () => {
  await using cloud = await startCloud();
  const settings = settingsFor(cloud, { server: "two" });
  const provider = floatingIpProvider(settings);
  await provider.look({ isThorough: true });
  cloud.fail({ kind: "error", code: "not_found", on: assign });
  const { outcome } = await moveAddress(provider, "two", virtualTime().run);
  assertEquals([outcome, cloud.count("GET /servers?name=two")], ["routed", 2]);
});

Deno.test("a look-up that fails is no switch: it is asked for again, and the outcome is certain", async () => {
  await using cloud = await startCloud();
  const settings = settingsFor(cloud, { by: "ip", ip: "131.232.99.1" });
  cloud.fail(...times(99, { kind: "body", status: 500, body: "no", on: "GET /floating_ips?" }));
  const { outcome } = await takeover(settings, virtualTime().run);
  assertEquals([outcome, cloud.count("POST")], ["try later", 0]);
});

const wrong = [
  ["a wrong token", { token: "wrong-token" }, "UNAUTHORIZED", /unable to authenticate/],
  ["a token that may only read", { token: tokens.readOnly }, "token_readonly", /read-only/],
  [
    "a token of another project",
    { token: tokens.other, by: "ip", ip: "131.232.99.1" },
    "not_found",
    /^no floating IP of the token's project is 131.232.99.1, which has none$/,
  ],
  [
    "an address of the other family",
    { by: "ip", ip: "2001:db8:9::1" },
    "not_found",
    /is 2001:db8:9::1: 131.232.99.1, 2001:db8:f::$/,
  ],
  ["a name of none", { by: "name", ip: "wob" }, "not_found", /is called wob$/],
  ["an id of none", { ip: "99" }, "not_found", /floating IP with ID '99' not found/],
  ["a server of none", { server: "tow" }, "not_found", /^no server tow is in/],
  ["a server that is gone", { server: "99" }, "not_found", /server with ID '99' not found/],
  ["another location", { server: "far" }, "invalid_input", /server is in another network zone/],
] as const;
for (const [title, changed, code, message] of wrong) {
  Deno.test(`refused at once: ${title}`, async () => {
    await using cloud = await startCloud();
    const result = await takeover(settingsFor(cloud, changed), virtualTime().run);
    assertEquals([result.outcome, "code" in result && result.code], ["refused", code]);
    assertMatch(result.message, message);
    assertEquals(JSON.stringify(result).includes("wrong-token"), false);
    assertEquals(cloud.serverOf("131.232.99.1"), 42);
    assert(cloud.count("POST") <= 1);
  });
}

Deno.test("the metadata service is asked again where it does not tell which server this is", async () => {
  await using cloud = await startCloud();
  const settings = settingsFor(cloud, { server: "self", metadata: await cloud.metadataOf(43) });
  cloud.fail(
    { kind: "body", status: 200, body: "web1", on: "GET /hetzner" },
    { kind: "reset", on: "GET /hetzner" },
  );
  assertEquals((await takeover(settings, virtualTime().run)).outcome, "routed");
  assertEquals([cloud.count("GET /hetzner"), cloud.count("POST")], [3, 1]);
  // This machine is no server of the Cloud's.
  const elsewhere = settingsFor(cloud, { server: "self", metadata: cloud.metadataUrl });
  const result = await takeover(elsewhere, virtualTime().run);
  assertEquals([result.outcome, "code" in result && result.code], ["try later", "NO_SELF"]);
  assertMatch(result.message, /does not tell this server's id/);
});

Deno.test("a release takes the address from its server, and one that is free is so already", async () => {
  await using cloud = await startCloud();
  const provider = floatingIpProvider(settingsFor(cloud));
  const first = await moveAddress(provider, null, virtualTime().run);
  assertEquals([first.outcome, cloud.serverOf("131.232.99.1")], ["routed", null]);
  const second = await moveAddress(provider, null, virtualTime().run);
  assertEquals([second.outcome, second.moves], ["already routed", 1]);
});

Deno.test("aborted: the request is cancelled, and nothing is sent afterwards", async () => {
  await using cloud = await startCloud();
  cloud.fail({ kind: "hang", on: assign });
  const abort = new AbortController();
  const running = takeover(settingsFor(cloud), { signal: abort.signal });
  await cloud.arrived(assign);
  abort.abort(new Error("no longer elected"));
  await assertRejects(() => running, Error, "no longer elected");
  assertEquals((await cloud.ended(assign)).outcome, "gone");
  assertEquals(cloud.count(), 1);
});
