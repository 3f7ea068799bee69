import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type {
  CloudSimulator,
  CloudSimulatorRequest,
  EndedAction,
} from "../../lib/hcloud/simulator.ts";
import { startCloud, startCloudWithMany, tokens } from "../lab/cloud.ts";

interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly post?: unknown;
  readonly signal?: AbortSignal;
}

/** Asks with another HTTP client than the project's own. */
async function ask(
  cloud: CloudSimulator,
  path: string,
  { token = tokens.project, post, signal, method = post === undefined ? "GET" : "POST" }: Asked =
    {},
) {
  const reply = await fetch(cloud.url + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: post === undefined ? undefined : JSON.stringify(post),
    signal,
  });
  const body = await reply.json();
  return { status: reply.status, code: body.error?.code, headers: reply.headers, ...body };
}

/** Assigns the address 11, or unassigns it where no server is given. */
function assign(cloud: CloudSimulator, server: number | null, asked: Asked = {}) {
  return server === null
    ? ask(cloud, "/floating_ips/11/actions/unassign", { post: {}, ...asked })
    : ask(cloud, "/floating_ips/11/actions/assign", { post: { server }, ...asked });
}

Deno.test("an action runs for its time, locks the address meanwhile, and then has its effect", async () => {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  const waits: number[] = [];
  const wait = (ms: number) => {
    waits.push(ms);
    return promise;
  };
  await using cloud = await startCloud({ actionMs: 15_000, wait });
  const { status, action } = await assign(cloud, 43);
  assertEquals([status, action.status, action.command], [201, "running", "assign_floating_ip"]);
  assertEquals(action.resources, [{ id: 11, type: "floating_ip" }, { id: 43, type: "server" }]);
  assertEquals([action.error, action.finished], [null, null]);
  assertEquals((await ask(cloud, "/floating_ips/11")).floating_ip.server, 42);
  for (const server of [42, null]) {
    const second = await assign(cloud, server);
    assertEquals([second.status, second.code], [423, "locked"]);
  }
  done();
  await cloud.assigned("131.232.99.1", 43);
  const ended = (await ask(cloud, `/actions/${action.id}`)).action;
  assertEquals([ended.status, ended.progress], ["success", 100]);
  assertEquals((await ask(cloud, "/floating_ips/11")).floating_ip.server, 43);
  assertEquals(waits, [15_000]);
});

Deno.test("an action that takes no time has ended before its reply", async () => {
  await using cloud = await startCloud();
  assertEquals((await assign(cloud, 43)).action.status, "success");
  assertEquals(cloud.serverOf("131.232.99.1"), 43);
  assertEquals((await assign(cloud, null)).action.command, "unassign_floating_ip");
  assertEquals(cloud.serverOf("131.232.99.1"), null);
  const again = await assign(cloud, null);
  assertEquals([again.status, again.code], [422, "service_error"]);
});

Deno.test("an action that fails has no effect, and ends in its error", async () => {
  const ended: EndedAction[] = [];
  await using cloud = await startCloud({ onAction: (action) => ended.push(action) });
  cloud.fail({ kind: "action", code: "action_failed", message: "no luck", on: "POST" });
  const { action } = await assign(cloud, 43);
  assertEquals([action.status, action.error], ["error", {
    code: "action_failed",
    message: "no luck",
  }]);
  assertEquals(cloud.serverOf("131.232.99.1"), 42);
  assertEquals((await assign(cloud, 43)).action.status, "success");
  assertEquals(ended, [
    { id: 1, command: "assign_floating_ip", error: "action_failed" },
    { id: 2, command: "assign_floating_ip", error: null },
  ]);
});

Deno.test("an action goes on when its client goes away", async () => {
  await using cloud = await startCloud({ actionMs: 50 });
  cloud.fail({ kind: "hang", after: true });
  const abort = new AbortController();
  const post = assertRejects(() => assign(cloud, 43, { signal: abort.signal }));
  await cloud.arrived("POST");
  abort.abort();
  await post;
  assertEquals((await cloud.ended("POST")).outcome, "gone");
  await cloud.assigned("131.232.99.1", 43);
});

Deno.test("an assigned address is refused where that is asked for", async () => {
  await using cloud = await startCloud({ refusesAssigned: true });
  const { status, code } = await assign(cloud, 43);
  assertEquals([status, code], [422, "floating_ip_assigned"]);
  await assign(cloud, null);
  assertEquals((await assign(cloud, 43)).status, 201);
});

Deno.test("the parameters of an assignment are checked", async () => {
  await using cloud = await startCloud();
  const missing = await ask(cloud, "/floating_ips/11/actions/assign", { post: {} });
  assertEquals([missing.status, missing.code], [422, "invalid_input"]);
  assertEquals(missing.error.details.fields[0].name, "server");
  // The server is in another project, or in another network zone.
  assertEquals((await assign(cloud, 50)).code, "not_found");
  assertEquals((await assign(cloud, 44)).code, "invalid_input");
  // The server has no public address of this family.
  assertEquals((await assign(cloud, 45)).code, "invalid_input");
  const six = await ask(cloud, "/floating_ips/12/actions/assign", { post: { server: 45 } });
  assertEquals(six.status, 201);
  const unknown = await ask(cloud, "/floating_ips/99/actions/assign", { post: { server: 42 } });
  assertEquals([unknown.status, unknown.code], [404, "not_found"]);
  const reply = await fetch(`${cloud.url}/floating_ips/11/actions/assign`, {
    method: "POST",
    headers: { authorization: `Bearer ${tokens.project}` },
    body: "{",
  });
  assertEquals([reply.status, (await reply.json()).error.code], [400, "json_error"]);
  assertEquals(cloud.serverOf("131.232.99.1"), 42);
});

Deno.test("a token sees its own project, and may perhaps only read", async () => {
  await using cloud = await startCloud();
  for (const token of ["wrong", ""]) {
    const { status, code } = await ask(cloud, "/floating_ips", { token });
    assertEquals([status, code], [401, "unauthorized"]);
  }
  assertEquals((await ask(cloud, "/floating_ips/11", { token: tokens.other })).code, "not_found");
  assertEquals((await ask(cloud, "/floating_ips", { token: tokens.other })).floating_ips, []);
  assertEquals((await ask(cloud, "/floating_ips/11", { token: tokens.readOnly })).status, 200);
  const { status, code } = await assign(cloud, 43, { token: tokens.readOnly });
  assertEquals([status, code], [403, "token_readonly"]);
});

Deno.test("a quota is refilled all the time, and each project has its own", async () => {
  let time = 1_000_000;
  const quota = { limit: 2, perSecond: 0.5 };
  await using cloud = await startCloud({ now: () => time, quota });
  const look = async (token = tokens.project) => {
    const { status, code, headers } = await ask(cloud, "/floating_ips/11", { token });
    const told = ["limit", "remaining", "reset"].map((name) => headers.get(`ratelimit-${name}`));
    return [status, code, told.join(" ")];
  };
  assertEquals(await look(), [200, undefined, "2 1 1002"]);
  assertEquals(await look(), [200, undefined, "2 0 1004"]);
  assertEquals(await look(), [429, "rate_limit_exceeded", "2 0 1004"]);
  assertEquals(await look(tokens.other), [404, "not_found", "2 1 1002"]);
  time += 1_999;
  assertEquals((await look())[0], 429);
  time += 1;
  assertEquals(await look(), [200, undefined, "2 0 1006"]);
});

Deno.test("a list comes in pages of at most 50, and filters that are unknown are ignored", async () => {
  await using cloud = await startCloudWithMany();
  const list = async (query: string) => {
    const { floating_ips, meta } = await ask(cloud, `/floating_ips?${query}`);
    const ids = floating_ips.map(({ id }: { id: number }) => id);
    return { first: ids[0], last: ids.at(-1), ...meta.pagination };
  };
  const total = { total_entries: 120 };
  assertEquals(await list(""), {
    ...{ first: 1, last: 25, page: 1, per_page: 25, ...total },
    ...{ previous_page: null, next_page: 2, last_page: 5 },
  });
  assertEquals(await list("page=3&per_page=500&ip=203.0.113.7"), {
    ...{ first: 101, last: 120, page: 3, per_page: 50, ...total },
    ...{ previous_page: 2, next_page: null, last_page: 3 },
  });
  const named = await ask(cloud, "/floating_ips?name=floating-7");
  assertEquals(named.floating_ips.map(({ ip }: { ip: string }) => ip), ["203.0.113.7"]);
  assertEquals((await ask(cloud, "/floating_ips?name=7")).floating_ips, []);
  assertEquals((await ask(cloud, "/floating_ips?page=0")).code, "invalid_input");
  // The base has a version.
  assertEquals((await ask(cloud, "/../floating_ips")).code, "not_found");
  assertEquals((await ask(cloud, "/storage_boxes")).code, "not_found");
});

Deno.test("addresses and servers are told as API.md has them", async () => {
  await using cloud = await startCloud();
  cloud.block("2001:DB8:F:0::");
  const { floating_ip } = await ask(cloud, "/floating_ips/12");
  const { ip, type, server, blocked, home_location } = floating_ip;
  assertEquals([ip, type, server, blocked], ["2001:db8:f::/64", "ipv6", 42, true]);
  assertEquals(home_location.name, "fsn1");
  const one = (await ask(cloud, "/servers?name=one")).servers[0];
  assertEquals([one.id, one.status, one.locked], [42, "running", false]);
  assertEquals(one.public_net.floating_ips, [11, 12]);
  const { network, ip: own, alias_ips } = one.private_net[0];
  assertEquals([network, own, alias_ips], [7, "10.0.0.2", ["10.0.0.10", "10.0.0.11"]]);
});

Deno.test("alias addresses are replaced as a whole, and belong to one server at a time", async () => {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  await using cloud = await startCloud({ actionMs: 20, wait: () => promise });
  const change = (server: number, alias_ips: unknown, network: unknown = 7) =>
    ask(cloud, `/servers/${server}/actions/change_alias_ips`, { post: { network, alias_ips } });
  for (
    const [server, ips, code] of [
      [43, ["10.0.0.10"], "ip_not_available"],
      [43, ["10.0.0.3"], "ip_not_available"],
      [43, ["192.168.0.1"], "invalid_input"],
      [43, "10.0.0.20", "invalid_input"],
      [44, [], "invalid_input"],
      [99, [], "not_found"],
    ] as const
  ) {
    assertEquals([server, ips, (await change(server, ips)).code], [server, ips, code]);
  }
  assertEquals((await change(43, [], "lan")).code, "invalid_input");

  const { action } = await change(42, ["10.0.0.11"]);
  assertEquals([action.command, action.status], ["change_alias_ips", "running"]);
  assertEquals((await ask(cloud, "/servers/42")).server.locked, true);
  assertEquals((await change(42, [])).code, "locked");
  done();
  while ((await ask(cloud, `/actions/${action.id}`)).action.status === "running");
  assertEquals(cloud.aliasIps(42, 7), ["10.0.0.11"]);
  assertEquals((await change(43, ["10.0.0.10", "10.0.0.20"])).status, 201);
  cloud.setAliasIps(42, 7, []);
  assertEquals(cloud.aliasIps(42, 7), []);
});

Deno.test("a resource can be given another name, and a change of nothing is none", async () => {
  await using cloud = await startCloud();
  const put = (path: string, post: unknown, token = tokens.project) =>
    ask(cloud, path, { method: "PUT", post, token });
  assertEquals((await put("/floating_ips/11", {})).floating_ip.name, "web");
  assertEquals((await put("/servers/42", { name: "first" })).server.name, "first");
  assertEquals((await ask(cloud, "/servers?name=first")).servers[0].id, 42);
  assertEquals((await put("/floating_ips/11", { name: "web6" })).code, "uniqueness_error");
  assertEquals((await put("/floating_ips/11", { name: 5 })).code, "invalid_input");
  assertEquals((await put("/floating_ips/99", {})).code, "not_found");
  assertEquals((await put("/floating_ips/11", {}, tokens.readOnly)).code, "token_readonly");
  assertEquals((await ask(cloud, "/floating_ips/11", { method: "DELETE" })).status, 405);
});

Deno.test("actions are listed for all, by id, and for each resource", async () => {
  await using cloud = await startCloud();
  const ids = async (path: string) =>
    (await ask(cloud, path)).actions.map(({ id }: { id: number }) => id);
  await assign(cloud, 43);
  await ask(cloud, "/floating_ips/12/actions/assign", { post: { server: 43 } });
  await assign(cloud, null);
  assertEquals(await ids("/actions"), [1, 2, 3]);
  assertEquals(await ids("/actions?id=1&id=3"), [1, 3]);
  assertEquals(await ids("/floating_ips/11/actions"), [1, 3]);
  assertEquals(await ids("/servers/43/actions"), [1, 2]);
  assertEquals((await ask(cloud, "/floating_ips/11/actions/2")).code, "not_found");
  assertEquals((await ask(cloud, "/floating_ips/12/actions/2")).action.id, 2);
  assertEquals((await ask(cloud, "/actions/1", { token: tokens.other })).code, "not_found");
});

Deno.test("faults come in their order, each for one request that it fits", async () => {
  const slow: number[] = [];
  const wait = (ms: number) => {
    slow.push(ms);
    return Promise.resolve();
  };
  await using cloud = await startCloud({ wait });
  cloud.fail(
    { kind: "error", code: "maintenance", on: "POST" },
    { kind: "error", code: "timeout", after: true, on: "POST /actions/assign" },
    { kind: "body", status: 502, body: "<html>", on: "GET /actions/" },
    { kind: "alter", alter: (body) => ({ ...body, floating_ip: undefined }), on: "GET /floating" },
    { kind: "slow", ms: 9_000 },
  );
  const first = await ask(cloud, "/floating_ips/11");
  assertEquals([first.status, first.floating_ip], [200, undefined]);
  const post = async () => {
    const { status, code } = await assign(cloud, 43);
    return [status, code, cloud.serverOf("131.232.99.1")];
  };
  assertEquals(await post(), [503, "maintenance", 42]);
  assertEquals(await post(), [504, "timeout", 43]);
  assertEquals((await ask(cloud, "/floating_ips/11")).floating_ip.server, 43);
  assertEquals(slow, [9_000]);
  const headers = { authorization: `Bearer ${tokens.project}` };
  const broken = await fetch(`${cloud.url}/actions/1`, { headers });
  assertEquals([broken.status, await broken.text()], [502, "<html>"]);
});

Deno.test("the reply to a request that is carried out can be lost", async () => {
  await using cloud = await startCloud();
  // On a connection that was used before, `fetch` would send the request once more by itself.
  cloud.fail({ kind: "reset", after: true });
  await assertRejects(() => assign(cloud, 43));
  assertEquals(cloud.requests.map(({ outcome }) => outcome), ["reset"]);
  assertEquals(cloud.serverOf("131.232.99.1"), 43);
});

Deno.test("its log tells of every request as it comes and as it ends, without the token", async () => {
  const seen: string[] = [];
  const onRequest = ({ method, path, outcome }: CloudSimulatorRequest) => {
    seen.push(`${method} ${path} ${outcome}`);
  };
  await using cloud = await startCloud({ onRequest, now: () => 7 });
  await assign(cloud, 43);
  await ask(cloud, "/floating_ips?page=1", { token: "hunter2" });
  assertEquals(seen, [
    "POST /floating_ips/11/actions/assign undefined",
    "POST /floating_ips/11/actions/assign 201",
    "GET /floating_ips?page=1 undefined",
    "GET /floating_ips?page=1 401 unauthorized",
  ]);
  assertEquals(cloud.requests[0], {
    method: "POST",
    path: "/floating_ips/11/actions/assign",
    body: { server: 43 },
    atMs: 7,
    outcome: "201",
  });
  const counts = ["POST", "GET /floating_ips", "GET /servers", undefined];
  assertEquals(counts.map((on) => cloud.count(on)), [1, 1, 0, 2]);
});

Deno.test("somebody else can move an address, lock it, and delete its server", async () => {
  await using cloud = await startCloud();
  const unlock = cloud.lock("131.232.99.1");
  assertEquals((await assign(cloud, 43)).code, "locked");
  unlock();
  cloud.assign("131.232.99.1", 43);
  assertEquals((await ask(cloud, "/floating_ips/11")).floating_ip.server, 43);
  cloud.deleteServer(43);
  assertEquals((await ask(cloud, "/floating_ips/11")).floating_ip.server, null);
  assertEquals((await ask(cloud, "/servers/43")).code, "not_found");
  assertThrows(() => cloud.serverOf("5.5.5.5"), TypeError, "5.5.5.5");
  assertThrows(() => cloud.assign("131.232.99.1", 43), TypeError, "43");
});

Deno.test("the metadata service tells who asks: by the caller's address, or a port for each", async () => {
  await using cloud = await startCloud({ callers: { "127.0.0.1": 43 } });
  const text = async (url: string) => await (await fetch(url)).text();
  assertEquals(await text(cloud.metadataUrl), "43");
  const own = await cloud.metadataOf(42);
  assertEquals([await text(own), new URL(own).pathname], [
    "42",
    "/hetzner/v1/metadata/instance-id",
  ]);
  cloud.fail({ kind: "error", code: "unavailable", on: "GET /metadata/" });
  assertEquals(JSON.parse(await text(own)).error.code, "unavailable");
  assertEquals(cloud.count("GET /metadata/"), 3);
  await using strange = await startCloud();
  const unknown = await fetch(strange.metadataUrl);
  assertEquals([unknown.status, await unknown.text()], [404, "not found"]);
});

Deno.test("closing ends requests and actions that are under way", async () => {
  const cloud = await startCloud({ actionMs: 60_000 });
  cloud.fail({ kind: "hang", on: "GET" });
  const get = assertRejects(() => ask(cloud, "/floating_ips"));
  assertEquals((await assign(cloud, 43)).action.status, "running");
  await cloud.arrived("GET");
  await cloud.close();
  await get;
  await cloud.close();
});

Deno.test("a set-up that cannot be, and a port in use, are told at the start", async () => {
  const project = { tokens: [tokens.project], servers: [{ id: 1 }] };
  for (
    const [wrong, why] of [
      [{ floatingIps: [{ id: 11, ip: "here" }] }, "here"],
      [{ floatingIps: [{ id: 11, ip: "192.0.2.9", server: 2 }] }, "server 2"],
      [{ servers: [{ id: 1, privateNets: [{ network: 3, ip: "10.0.0.2" }] }] }, "network 3"],
    ] as const
  ) {
    const projects = [{ ...project, ...wrong }];
    await assertRejects(() => startCloud({ projects }), TypeError, why);
  }
  await using cloud = await startCloud();
  await assertRejects(() => startCloud({ port: Number(new URL(cloud.url).port) }), Error);
});
