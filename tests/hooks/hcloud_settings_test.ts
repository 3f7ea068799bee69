import { assertEquals, assertThrows } from "@std/assert";
import { Invalid } from "../../lib/base/invalid.ts";
import { hcloudAliasIp } from "../../lib/hooks/hcloud_alias_ip.ts";
import { hcloudFloatingIp } from "../../lib/hooks/hcloud_floating_ip.ts";

const files: Record<string, string> = { "/token": "TOKEN", "/blank": "TOK EN" };
const secretIn = (path: string) => files[path];
const read = (argument: string) => hcloudFloatingIp.read(argument, argument, secretIn);
const readAlias = (argument: string) => hcloudAliasIp.read(argument, argument, secretIn);
const list = "ip=131.232.99.1,token=TOKEN";

Deno.test("every key has its place", () => {
  const more =
    "server=web1,url=http://127.0.0.1:7/v1,timeout=1.5,deadline=9,ca=/ca.pem,proxy=none,verify=0";
  assertEquals(read(`${list},${more},reclaim=0,preflight=0,metadata=http://127.0.0.1:7/id`), {
    ip: "131.232.99.1",
    by: "ip",
    token: "TOKEN",
    server: "web1",
    url: "http://127.0.0.1:7/v1",
    timeoutMs: 1500,
    deadlineMs: 9000,
    ca: "/ca.pem",
    proxy: "none",
    verifyMs: 0,
    reclaim: false,
    preflight: false,
    metadata: "http://127.0.0.1:7/id",
  });
});

Deno.test("what is left out has its default", () => {
  const { server, url, timeoutMs, deadlineMs, verifyMs, reclaim, preflight, metadata } = read(list);
  assertEquals([server, url], ["self", "https://api.hetzner.cloud/v1"]);
  assertEquals([timeoutMs, deadlineMs, verifyMs, reclaim, preflight], [
    10_000,
    60_000,
    60_000,
    true,
    true,
  ]);
  assertEquals(metadata, "http://169.254.169.254/hetzner/v1/metadata/instance-id");
});

Deno.test("an address is told by its name or id as well, and an alias by its network", () => {
  const { by, ip } = read("name=web ip,token=TOKEN");
  assertEquals([by, ip], ["name", "web ip"]);
  assertEquals(read("id=11,token=TOKEN").by, "id");
  const alias = readAlias("network=7,ip=10.0.0.10,token=TOKEN,server=42");
  assertEquals([alias.network, alias.ip, alias.server], [7, "10.0.0.10", "42"]);
});

Deno.test("a token may be in a file", () => {
  const settings = read("ip=131.232.99.1,token_file=/token");
  assertEquals(settings.token, "TOKEN");
  assertEquals(
    hcloudFloatingIp.describe(settings)[1],
    "by https://api.hetzner.cloud/v1, token *** of /token",
  );
  const { message } = assertThrows(() => read("ip=131.232.99.1,token_file=/blank"), Invalid);
  assertEquals([message.startsWith("token_file: "), message.includes("TOK")], [true, false]);
});

Deno.test("the token is never shown", () => {
  const settings = read(`${list},server=42,url=http://192.0.2.1/v1`);
  assertEquals(hcloudFloatingIp.describe(settings), [
    "hcloud-floating-ip: assign 131.232.99.1 to 42",
    "by http://192.0.2.1/v1, token ***",
    "10 s for a request, 60 s in all",
    "look once at the start",
    "look each 60 s as lord and take it back",
  ]);
  assertEquals(hcloudFloatingIp.warnings(settings), ["over http the token is readable"]);
  assertEquals(hcloudFloatingIp.warnings(read(list)), []);
  assertEquals(
    hcloudAliasIp.describe(readAlias("network=7,ip=10.0.0.10,token=TOKEN"))[0],
    "hcloud-alias-ip: give 10.0.0.10 of network 7 to this server",
  );
});

Deno.test("the proxy is shown, and its password is not", () => {
  const settings = read(`${list},proxy=http://us:Secret@10.0.0.1:3128`);
  assertEquals(settings.proxy, "http://us:Secret@10.0.0.1:3128");
  const lines = hcloudFloatingIp.describe(settings);
  assertEquals(lines.includes("through the proxy 10.0.0.1:3128"), true);
  assertEquals(lines.join().includes("Secret"), false);
});

const wrong: [what: string, argument: string, message: string][] = [
  ["no token", "ip=131.232.99.1", "the key token, or token_file, is missing"],
  [
    "two tokens",
    `${list},token_file=/x`,
    "token and token_file are both there: right would be one",
  ],
  ["no address", "token=TOKEN", "right would be one of the keys ip, name and id"],
  ["two addresses", `${list},id=11`, "right would be one of the keys ip, name and id"],
  ["an address that is none", "ip=131.232,token=TOKEN", "ip: this is no IP address"],
  ["an id that is none", "id=eleven,token=TOKEN", "id: right would be a whole number from 1"],
  [
    "a server that none can be called",
    `${list},server=web 1`,
    "server: right would be the id or the name of a server, or self",
  ],
  ["a URL that is none", `${list},url=ftp://x/`, "url: it is no http or https URL"],
  [
    "a URL with a token in it",
    `${list},url=https://TOKEN@api/v1`,
    "url: the token has a key of its own",
  ],
  [
    "a URL with a query",
    `${list},url=https://api/v1?x`,
    "url: right would be a URL without user, query and fragment",
  ],
  [
    "looks that come too often",
    `${list},verify=9`,
    "verify: at least 10 seconds, or 0 for never: all nodes share the project's quota",
  ],
  [
    "a token with a line break",
    "ip=131.232.99.1,token=TO\nKEN",
    "token: this is no token of the Cloud's: it has other characters than letters and digits",
  ],
];
for (const [what, argument, message] of wrong) {
  Deno.test(`refused: ${what}`, () => {
    assertEquals(assertThrows(() => read(argument), Invalid).message, message);
  });
}

Deno.test("an alias IP needs a network, and is an address of IPv4", () => {
  const refused = (text: string) => assertThrows(() => readAlias(text), Invalid).message;
  assertEquals(refused("ip=10.0.0.10,token=TOKEN"), "the key network is missing");
  assertEquals(
    refused("network=7,ip=fd00::1,token=TOKEN"),
    "ip: right would be an IPv4 address: the Cloud's private networks have no others",
  );
});
