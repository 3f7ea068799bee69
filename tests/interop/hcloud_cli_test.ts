// The Cloud's own command, `hcloud`, works with the simulator, and prints what the simulator holds.
import { assertEquals, assertMatch } from "@std/assert";
import type { CloudSimulator } from "../../lib/hcloud/simulator.ts";
import { errorCodes, outcomes, startCloud, startCloudWithMany, tokens } from "../lab/cloud.ts";
import { hasCommand } from "../lab/missing.ts";

// Debian's package `hcloud-cli`.
const ignore = !await hasCommand("hcloud");

/** Runs `hcloud` with these words, separated by spaces, for a Cloud. */
async function hcloud(cloud: CloudSimulator, words: string, token: string = tokens.project) {
  const { success, stdout, stderr } = await new Deno.Command("hcloud", {
    args: ["--poll-interval", "20ms", ...words.split(" ")],
    // No file of a user's: a context there would have a token of its own.
    env: { HCLOUD_TOKEN: token, HCLOUD_ENDPOINT: cloud.url, HCLOUD_CONFIG: "/dev/null" },
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  return { success, out, errors };
}

/** The value that `hcloud` prints as JSON. */
async function told(cloud: CloudSimulator, words: string) {
  const { out, errors } = await hcloud(cloud, `${words} -o json`);
  assertEquals(errors, "");
  return JSON.parse(out);
}

Deno.test({
  name: "hcloud lists and describes addresses, servers and networks",
  ignore,
  async fn() {
    await using cloud = await startCloud();
    cloud.block("2001:db8:f::");
    const list = async (words: string) => {
      const { out } = await hcloud(cloud, words.replace("list", "list -o noheader -o"));
      return out.split("\n").map((line) => line.replaceAll(/ {2,}/g, " | ").trim());
    };
    assertEquals(await list("floating-ip list columns=id,type,name,ip,home,server"), [
      "11 | ipv4 | web | 131.232.99.1 | fsn1 | one",
      "12 | ipv6 | web6 | 2001:db8:f::/64 | fsn1 | one",
    ]);
    assertEquals(await list("server list columns=id,name,status,ipv4,private_net"), [
      "42 | one | running | 192.0.2.1 | 10.0.0.2 (lan)",
      "43 | two | running | 192.0.2.2 | 10.0.0.3 (lan)",
      "44 | far | running | 198.51.100.45 | -",
      "45 | six | running | - | -",
      "46 | three | running | 198.51.100.47 | -",
    ]);
    const { id, ip, server, blocked } = await told(cloud, "floating-ip describe web6");
    assertEquals([id, ip, server, blocked], [12, "2001:db8:f::/64", 42, true]);
    assertMatch((await hcloud(cloud, "floating-ip describe 12")).out, /^Blocked:\s+yes$/m);
    const [net] = (await told(cloud, "server describe one")).private_net;
    assertEquals([net.network, net.alias_ips], [7, cloud.aliasIps(42, 7)]);
    assertMatch((await hcloud(cloud, "server describe one")).out, /^ +-\s+10\.0\.0\.11$/m);
    assertMatch(
      (await hcloud(cloud, "network describe lan")).out,
      /^IP Range:\s+10\.0\.0\.0\/16$/m,
    );
  },
});

Deno.test({
  name: "hcloud assigns and unassigns an address, and waits for the action",
  ignore,
  async fn() {
    await using cloud = await startCloud({ actionMs: 50 });
    const assigned = await hcloud(cloud, "floating-ip assign web two");
    assertEquals(assigned, {
      success: true,
      out: "Floating IP 11 assigned to server 43",
      errors: "",
    });
    assertEquals(cloud.serverOf("131.232.99.1"), 43);
    assertEquals((await told(cloud, "floating-ip describe web")).server, 43);
    const unassigned = await hcloud(cloud, "floating-ip unassign 12");
    assertEquals(unassigned.out, "Floating IP 12 unassigned");
    assertEquals(cloud.serverOf("2001:db8:f::"), null);
    assertEquals((await told(cloud, "floating-ip describe 12")).server, null);
    assertEquals(
      outcomes(cloud).filter((outcome) => outcome.startsWith("POST")),
      ["POST /floating_ips/11/actions/assign: 201", "POST /floating_ips/12/actions/unassign: 201"],
    );
  },
});

Deno.test({
  name: "hcloud replaces the alias addresses of a server",
  ignore,
  async fn() {
    await using cloud = await startCloud({ actionMs: 20 });
    const change = (server: string, more: string) =>
      hcloud(cloud, `server change-alias-ips ${server} --network lan ${more}`);
    const taken = await change("two", "--alias-ips 10.0.0.10");
    assertEquals(taken.errors, "hcloud: the IP 10.0.0.10 is not available (ip_not_available)");
    assertEquals((await change("one", "--alias-ips 10.0.0.11")).success, true);
    assertEquals((await change("two", "--alias-ips 10.0.0.10,10.0.0.20")).success, true);
    assertEquals(cloud.aliasIps(42, 7), ["10.0.0.11"]);
    assertEquals(cloud.aliasIps(43, 7), ["10.0.0.10", "10.0.0.20"]);
    assertEquals((await change("one", "--clear")).success, true);
    assertEquals(cloud.aliasIps(42, 7), []);
  },
});

Deno.test({
  name: "hcloud reads all pages of a list",
  ignore,
  async fn() {
    await using cloud = await startCloudWithMany();
    // Of floating addresses, version 1.30.3 lists the first page alone.
    const { out } = await hcloud(cloud, "server list -o noheader -o columns=id");
    assertEquals(out.split(/\s+/).map(Number), Array.from({ length: 120 }, (_, i) => i + 1));
    assertEquals(
      outcomes(cloud),
      [1, 2, 3].map((page) => `GET /servers?page=${page}&per_page=50&sort=id%3Aasc: 200`),
    );
  },
});

Deno.test({
  name: "hcloud tells each error of the Cloud by its code",
  ignore,
  async fn() {
    await using cloud = await startCloud();
    for (const code of errorCodes) {
      cloud.fail({ kind: "error", code, on: "POST" });
      const { success, errors } = await hcloud(cloud, "floating-ip assign 11 43");
      // This one it sends again by itself.
      const expected = code === "conflict" ? [true, ""] : [false, `hcloud: on demand (${code})`];
      assertEquals([success, errors], expected);
    }
    assertEquals(cloud.serverOf("131.232.99.1"), 43);
  },
});

Deno.test({
  name: "hcloud meets an error in what the Cloud holds, and a fault on the way",
  ignore,
  async fn() {
    await using cloud = await startCloud({ quota: { limit: 100, perSecond: 1 } });
    const errors = async (words: string, token?: string) =>
      (await hcloud(cloud, words, token)).errors;
    const assign = "floating-ip assign 11 43";
    assertEquals(
      await errors("floating-ip list", "wrong"),
      "hcloud: unable to authenticate (unauthorized)",
    );
    assertEquals(
      await errors(assign, tokens.readOnly),
      "hcloud: the token is read-only (token_readonly)",
    );
    assertEquals(await errors(assign, tokens.other), "hcloud: Floating IP not found: 11");
    assertEquals(await errors("floating-ip assign 11 99"), "hcloud: server not found: 99");
    assertMatch(await errors("floating-ip assign 11 44"), /\(invalid_input\)$/);
    const taken = "floating-ip update web --name web6";
    assertMatch(await errors(taken), /\(uniqueness_error\)$/);
    const unlock = cloud.lock("131.232.99.1");
    assertMatch(await errors(assign), /^hcloud: the item .+ \(locked\)$/);
    unlock();
    cloud.fail({ kind: "action", code: "action_failed", message: "no luck", on: "POST" });
    assertMatch(await errors(assign), /^hcloud: (action \d+ failed: )?no luck \(action_failed\)$/);
    cloud.fail({ kind: "body", status: 502, body: "<html>", on: "POST" });
    assertEquals(await errors(assign), "hcloud: hcloud: server responded with status code 502");
    cloud.fail({ kind: "reset", on: "POST" });
    assertMatch(await errors(assign), /: EOF$/);
    assertEquals(cloud.serverOf("131.232.99.1"), 42);
    await errors("floating-ip unassign 11");
    assertEquals(
      await errors("floating-ip unassign 11"),
      "hcloud: Floating IP is not assigned (service_error)",
    );
  },
});

Deno.test({
  name: "hcloud meets a quota that is used up",
  ignore,
  async fn() {
    await using cloud = await startCloud({ now: () => 0, quota: { limit: 1, perSecond: 1 } });
    assertEquals((await hcloud(cloud, "floating-ip describe 11")).success, true);
    const { errors } = await hcloud(cloud, "floating-ip describe 11");
    assertEquals(errors, "hcloud: limit of 1 requests per hour reached (rate_limit_exceeded)");
  },
});
