import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { aliasIpProvider, type AliasIpSettings } from "../../lib/hcloud/alias.ts";
import type { CloudSimulator } from "../../lib/hcloud/simulator.ts";
import { moveAddress, type MoveProgress } from "../../lib/move/move_address.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { startCloud, tokens } from "../lab/cloud.ts";
import { requestsOf, settingsFor, virtualTime } from "./_setup.ts";

function provider(cloud: CloudSimulator, changed: Partial<AliasIpSettings> = {}) {
  return aliasIpProvider({ ...settingsFor(cloud), ip: "10.0.0.10", network: 7, ...changed });
}

const change = "/actions/change_alias_ips";

/** The aliases of the two servers of the Cloud. */
function lists(cloud: CloudSimulator) {
  return [cloud.aliasIps(42, 7), cloud.aliasIps(43, 7)];
}

Deno.test("an alias leaves the old holder first; no other alias of the two is touched", async () => {
  await using cloud = await startCloud();
  cloud.setAliasIps(43, 7, ["10.0.0.20", "10.0.0.21"]);
  const address = provider(cloud);
  assertEquals((await address.look()).pointsTo, "42");
  const from = cloud.requests.length;
  const result = await moveAddress(address, "43");
  assertEquals([result.outcome, result.message], ["routed", "10.0.0.10 points to 43"]);
  assertEquals(lists(cloud), [["10.0.0.11"], ["10.0.0.20", "10.0.0.21", "10.0.0.10"]]);
  assertEquals(requestsOf(cloud, from), [
    "GET /servers/43",
    "GET /servers/42",
    `POST /servers/42${change}`,
    "GET /servers?per_page=50&page=1",
    "GET /servers/43",
    `POST /servers/43${change}`,
    "GET /servers/43",
  ]);
});

Deno.test("a node that is no longer lord after the first list gives the address to nobody", async () => {
  await using cloud = await startCloud();
  const lost = new AbortController();
  const onProgress = (progress: MoveProgress) => {
    const isSecond = progress.kind === "request" && cloud.count("POST") === 1;
    if (isSecond) lost.abort(new Error("the lease has run out"));
  };
  const run = { ...virtualTime().run, signal: lost.signal, onProgress };
  await assertRejects(
    () => moveAddress(provider(cloud), "43", run),
    Error,
    "the lease has run out",
  );
  assertEquals(lists(cloud), [["10.0.0.11"], []]);
});

Deno.test("an alias that is there is not written, and one that nobody has is only given", async () => {
  await using cloud = await startCloud();
  const there = await moveAddress(provider(cloud), "42");
  assertEquals([there.outcome, cloud.count("POST")], ["already routed", 0]);
  cloud.setAliasIps(42, 7, []);
  const free = await moveAddress(provider(cloud), "43");
  assertEquals([free.outcome, cloud.count("POST")], ["routed", 1]);
  assertEquals(lists(cloud), [[], ["10.0.0.10"]]);
});

Deno.test("a release takes an alias from its server alone", async () => {
  await using cloud = await startCloud();
  const result = await moveAddress(provider(cloud), null);
  assertEquals([result.outcome, ...lists(cloud)], ["routed", ["10.0.0.11"], []]);
});

Deno.test("the list of the old holder is written once its action has ended, and not before", async () => {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  await using cloud = await startCloud({ actionMs: 1, wait: () => promise });
  const moving = moveAddress(provider(cloud), "43");
  await cloud.ended("GET /actions/1");
  assertEquals([cloud.count(`POST ${change}`), ...lists(cloud)[1]], [1]);
  done();
  assertEquals((await moving).outcome, "routed");
  assertEquals(lists(cloud), [["10.0.0.11"], ["10.0.0.10"]]);
});

Deno.test("two aliases that move at once do not undo each other", async () => {
  await using cloud = await startCloud({ actionMs: 20 });
  const settings = settingsFor(cloud);
  const moves = ["10.0.0.10", "10.0.0.11"].map((ip) =>
    moveAddress(aliasIpProvider({ ...settings, ip, network: 7 }), "43")
  );
  const outcomes = (await Promise.all(moves)).map(({ outcome }) => outcome);
  assertEquals([outcomes, cloud.count("POST")], [["routed", "routed"], 4]);
  assertEquals(lists(cloud), [[], ["10.0.0.10", "10.0.0.11"]]);
});

Deno.test("a list that another node writes at the same time is written again", async () => {
  await using cloud = await startCloud();
  // Right after the alias was added, another node writes the list that it has read before.
  const undo = { kind: "alter", on: `POST /servers/43${change}` } as const;
  cloud.fail({
    ...undo,
    alter: (body) => {
      cloud.setAliasIps(43, 7, ["10.0.0.30"]);
      return body;
    },
  });
  const result = await moveAddress(provider(cloud), "43", virtualTime().run);
  assertEquals([result.outcome, result.moves], ["routed", 3]);
  assertEquals(lists(cloud)[1], ["10.0.0.30", "10.0.0.10"]);
});

Deno.test("an alias that is back on the old holder is taken off it again", async () => {
  await using cloud = await startCloud();
  const putBack = { kind: "alter", on: `POST /servers/42${change}` } as const;
  cloud.fail({
    ...putBack,
    alter: (body) => {
      cloud.setAliasIps(42, 7, ["10.0.0.10", "10.0.0.11"]);
      return body;
    },
  });
  const result = await moveAddress(provider(cloud), "43", virtualTime().run);
  assertEquals([result.outcome, result.moves], ["routed", 3]);
  assertEquals(lists(cloud), [["10.0.0.11"], ["10.0.0.10"]]);
});

const faults = [
  ["locked", { kind: "error", code: "locked" }, 3],
  ["a lost reply, carried out", { kind: "reset", after: true }, 2],
  ["a lost reply, not carried out", { kind: "reset" }, 3],
  ["a reply that never comes", { kind: "hang" }, 3],
  ["a quota that is used up", { kind: "error", code: "rate_limit_exceeded" }, 3],
  ["an action that fails", { kind: "action", code: "action_failed" }, 3],
  ["maintenance", { kind: "error", code: "maintenance" }, 3],
] as const;
for (const [title, kind, posts] of faults) {
  for (const server of [42, 43]) {
    Deno.test(`the write of server ${server}: ${title}: ${posts} POSTs`, async () => {
      await using cloud = await startCloud();
      cloud.fail({ ...kind, on: `POST /servers/${server}${change}` });
      const address = provider(cloud, { timeoutMs: kind.kind === "hang" ? 300 : 10_000 });
      const result = await moveAddress(address, "43", virtualTime().run);
      assertEquals(result.outcome, "routed", result.message);
      assertEquals(lists(cloud), [["10.0.0.11"], ["10.0.0.10"]]);
      assertEquals(cloud.count("POST"), posts);
      assert(cloud.count("GET") <= 20, `${cloud.count("GET")} looks`);
    });
  }
}

for (
  const [title, changed, code] of [
    ["a wrong token", { token: "wrong" }, "UNAUTHORIZED"],
    ["a token of another project", { token: tokens.other }, "not_found"],
    ["a token that may only read", { token: tokens.readOnly }, "token_readonly"],
    ["an address that is not in the network", { ip: "192.168.0.9" }, "invalid_input"],
    ["a network of none", { network: 8 }, "NOT_IN_NETWORK"],
  ] as const
) {
  Deno.test(`an alias, refused at once: ${title}`, async () => {
    await using cloud = await startCloud();
    const result = await moveAddress(provider(cloud, changed), "43", virtualTime().run);
    assertEquals([result.outcome, "code" in result && result.code], ["refused", code]);
    assertEquals(lists(cloud), [["10.0.0.10", "10.0.0.11"], []]);
    assert(cloud.count() <= 4, `${cloud.count()} requests`);
  });
}

Deno.test("refused before anything is taken away: a server that is not in the network", async () => {
  await using cloud = await startCloud();
  const result = await moveAddress(provider(cloud), "44", virtualTime().run);
  assertEquals([result.outcome, "code" in result && result.code], ["refused", "NOT_IN_NETWORK"]);
  assertEquals([result.message, cloud.count("POST")], ["server far is not in network 7", 0]);
});

Deno.test("a thorough look tells of a token that may only read, and of an address that is no alias", async () => {
  await using cloud = await startCloud();
  const reader = provider(cloud, { token: tokens.readOnly });
  assertMatch((await reader.look({ isThorough: true })).obstacle!, /^token_readonly: /);
  const own = provider(cloud, { ip: "10.0.0.3" });
  const { pointsTo, obstacle } = await own.look({ isThorough: true });
  assertEquals([pointsTo, obstacle], [
    null,
    "10.0.0.3 is the own address of server two in that network",
  ]);
});

Deno.test("a list that lacks a field is never written back", async () => {
  await using cloud = await startCloud();
  const without = ({ server }: { server: Record<string, unknown> }) => ({
    server: { ...server, private_net: [{ network: 7, ip: "10.0.0.3" }] },
  });
  cloud.fail({ kind: "alter", alter: without, on: "GET /servers/43" });
  const address = provider(cloud);
  const error = await assertRejects(() => address.move("43"), MoveError);
  assertEquals([error.code, address.meaning(error)], ["UNREADABLE_REPLY", "busy"]);
  assertEquals(cloud.count("POST"), 0);
});
