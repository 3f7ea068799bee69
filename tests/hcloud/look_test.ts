import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { floatingIpProvider, type FloatingIpSettings } from "../../lib/hcloud/floating.ts";
import type { CloudSimulatorOptions } from "../../lib/hcloud/simulator.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { startCloud, startCloudWithMany, tokens } from "../lab/cloud.ts";
import { requestsOf, settingsFor } from "./_setup.ts";

Deno.test("a look is one request, and a server is told by its id", async () => {
  await using cloud = await startCloud();
  const provider = floatingIpProvider(settingsFor(cloud));
  assertEquals(await provider.look(), { ip: "11", pointsTo: "42" });
  cloud.assign("131.232.99.1", null);
  assertEquals(await provider.look(), { ip: "11", pointsTo: null });
  assertEquals(cloud.count(), 2);
});

Deno.test("self and names are told by what is known of them", async () => {
  await using cloud = await startCloud();
  const metadata = await cloud.metadataOf(43);
  const self = floatingIpProvider(settingsFor(cloud, { server: "self", metadata }));
  assertEquals([self.serverName("self"), self.same("self", "43")], ["self", false]);
  await self.look({ isThorough: true });
  assertEquals([self.serverName("self"), self.same("self", "43")], ["43", true]);
  assertEquals(self.same("self", "42"), false);
  const named = floatingIpProvider(settingsFor(cloud, { server: "two" }));
  await named.look({ isThorough: true });
  assertEquals([named.serverName("two"), named.same("two", "43")], ["two", true]);
});

Deno.test("a thorough look tells that all is well, with three requests more", async () => {
  await using cloud = await startCloud();
  const provider = floatingIpProvider(settingsFor(cloud));
  assertEquals(await provider.look({ isThorough: true }), { ip: "11", pointsTo: "42" });
  assertEquals(requestsOf(cloud), [
    "GET /floating_ips/11",
    "GET /servers/43",
    "PUT /floating_ips/11",
  ]);
  assertEquals(cloud.requests.at(-1)?.body, {});
});

const server = (changed: Record<string, unknown>): Partial<CloudSimulatorOptions> => ({
  projects: [{
    tokens: [tokens.project],
    servers: [{ id: 42 }, { id: 43, name: "two", ipv4: "192.0.2.2", ...changed }],
    floatingIps: [{ id: 11, ip: "131.232.99.1", server: 42 }],
  }],
});
const obstacles: readonly [
  title: string,
  cloud: Partial<CloudSimulatorOptions>,
  settings: Partial<FloatingIpSettings>,
  obstacle: string,
][] = [
  ["a token that may only read", {}, { token: tokens.readOnly }, "token_readonly: the token may"],
  ["a server that is off", server({ status: "off" }), {}, "server two is off"],
  ["a server of another zone", server({ location: "ash" }), {}, "server two is in us-east, and"],
  [
    "a server of IPv6 alone",
    server({ ipv4: null, ipv6: "2001:db8:1::/64" }),
    {},
    "server two",
  ],
];
for (const [title, options, changed, told] of obstacles) {
  Deno.test(`a thorough look tells of ${title}`, async () => {
    await using cloud = await startCloud(options);
    const provider = floatingIpProvider(settingsFor(cloud, changed));
    const { pointsTo, obstacle = "" } = await provider.look({ isThorough: true });
    assertEquals([pointsTo, obstacle.startsWith(told)], ["42", true], obstacle);
    assertEquals((await provider.look()).obstacle, undefined);
  });
}

Deno.test("every look tells of an address that is blocked, since it costs nothing", async () => {
  await using cloud = await startCloud();
  cloud.block("131.232.99.1");
  const { pointsTo, obstacle = "" } = await floatingIpProvider(settingsFor(cloud)).look();
  assertEquals([pointsTo, cloud.count()], ["42", 1]);
  assertMatch(obstacle, /has blocked the address/);
});

Deno.test("a thorough look fails where the server is gone", async () => {
  await using cloud = await startCloud();
  const provider = floatingIpProvider(settingsFor(cloud, { server: "two" }));
  await provider.look({ isThorough: true });
  cloud.deleteServer(43);
  const error = await assertRejects(() => provider.look({ isThorough: true }), MoveError);
  assertEquals([error.code, error.message], [
    "not_found",
    "no server two is in the token's project",
  ]);
});

Deno.test("an address is found on the last page, and no filter is believed", async () => {
  await using cloud = await startCloudWithMany();
  const look = async (changed: Partial<FloatingIpSettings>) => {
    const from = cloud.requests.length;
    const { pointsTo } = await floatingIpProvider(settingsFor(cloud, changed)).look();
    return [pointsTo, cloud.requests.length - from];
  };
  cloud.assign("203.0.113.117", 5);
  assertEquals(await look({ by: "ip", ip: "203.0.113.117" }), ["5", 4]);
  assertEquals(await look({ by: "name", ip: "floating-117" }), ["5", 2]);
  // A list that is not filtered has others first.
  const unfiltered = { kind: "alter", on: "GET /floating_ips?name" } as const;
  const item = (id: number, name: string) => ({ id, name, ip: "203.0.113.1", server: null });
  const floating_ips = [item(1, "floating-1"), item(117, "floating-117")];
  cloud.fail({ ...unfiltered, alter: () => ({ floating_ips }) });
  assertEquals(await look({ by: "name", ip: "floating-117" }), ["5", 2]);
});

Deno.test("a list that never ends is given up", async () => {
  await using cloud = await startCloud();
  let page = 0;
  const alter = () => ({ floating_ips: [], meta: { pagination: { next_page: ++page + 1 } } });
  cloud.fail(...Array.from({ length: 99 }, () => ({ kind: "alter", alter }) as const));
  const provider = floatingIpProvider(settingsFor(cloud, { by: "ip", ip: "131.232.99.1" }));
  const error = await assertRejects(() => provider.look(), MoveError);
  assertEquals([error.message, cloud.count()], ["the list has more than 40 pages", 40]);
});

Deno.test("a reply about something else is no answer", async () => {
  await using cloud = await startCloud();
  const other = { id: 12, ip: "131.232.99.9", server: null };
  cloud.fail({ kind: "alter", alter: () => ({ floating_ip: other }) });
  const provider = floatingIpProvider(settingsFor(cloud));
  const error = await assertRejects(() => provider.look(), MoveError);
  assertEquals([error.code, provider.meaning(error)], ["OTHER_RESOURCE", "refused"]);
});

Deno.test("no error tells the token, whatever the reply quotes", async () => {
  await using cloud = await startCloud();
  const provider = floatingIpProvider(settingsFor(cloud, { token: "tOkEn0123456789" }));
  const headers = { location: "/tOkEn0123456789?x=tOkEn0123456789" };
  cloud.fail(
    { kind: "body", status: 400, body: "<p>Bearer tOkEn0123456789</p>" },
    { kind: "body", status: 307, body: "", headers },
    { kind: "error", code: "forbidden", message: "not you, tOkEn0123456789" },
    {
      kind: "error",
      code: "invalid_input",
      details: { fields: [{ name: "token", messages: ["tOkEn0123456789"] }] },
    },
  );
  for (let i = 0; i < 4; i++) {
    const { message } = await assertRejects(() => provider.look(), MoveError);
    assertEquals([message.includes("tOkEn0123456789"), message.includes("***")], [false, true]);
  }
});

Deno.test("a failed login is one also where its reply is cut off, or is not the Cloud's", async () => {
  await using cloud = await startCloud();
  const provider = floatingIpProvider(settingsFor(cloud));
  const headers = { "content-length": "500" };
  cloud.fail({ kind: "body", status: 401, body: "<html>" });
  const { code } = await assertRejects(() => provider.look(), MoveError);
  assertEquals(code, "UNAUTHORIZED");
  cloud.fail({
    kind: "body",
    status: 407,
    body: "",
    headers: { ...headers, "content-length": "0" },
  });
  assertEquals((await assertRejects(() => provider.look(), MoveError)).code, "PROXY_UNAUTHORIZED");
});

Deno.test("no connection to the metadata service is told as such", async () => {
  const gone = await startCloud();
  const { metadataUrl: metadata } = gone;
  await gone.close();
  await using cloud = await startCloud();
  const provider = floatingIpProvider(settingsFor(cloud, { server: "self", metadata }));
  const error = await assertRejects(() => provider.look({ isThorough: true }), MoveError);
  assertMatch(error.message, /^the metadata service, which tells .*: no connection/);
});
