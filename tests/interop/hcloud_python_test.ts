// The Cloud's own Python library, `hcloud`, works with the simulator, and reads what it holds.
import { assertEquals } from "@std/assert";
import type { CloudSimulator } from "../../lib/hcloud/simulator.ts";
import { errorCodes, outcomes, startCloud, startCloudWithMany, tokens } from "../lab/cloud.ts";

const python = "/usr/bin/python3";

/** Runs a script of Python's; the result is the value that it prints as JSON. */
async function run(script: string, env: Record<string, string> = {}) {
  const args = ["-c", `import json, os, hcloud\n${script}`];
  const { success, stdout, stderr } = await new Deno.Command(python, { args, env }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

// Debian's package `python3-hcloud`.
const ignore = !await run("print('true')").catch(() => false);

/** Runs a script with a client `c` for a Cloud, and a function `code` that gives a call's error. */
function ask(cloud: CloudSimulator, script: string, token: string = tokens.project) {
  const before = `
c = hcloud.Client(os.environ["TOKEN"], os.environ["URL"], poll_interval=0.02)
def code(call):
  try:
    call()
  except hcloud.APIException as error:
    return error.code
  except hcloud.actions.domain.ActionFailedException as error:
    return error.action.error["code"]
  return "done"
`;
  return run(before + script, { TOKEN: token, URL: cloud.url });
}

Deno.test({
  name: "python3-hcloud reads addresses, servers and networks",
  ignore,
  async fn() {
    await using cloud = await startCloud();
    cloud.block("2001:db8:f::");
    const script = `
def told(f): return [f.id, f.name, f.ip, f.type, f.server and f.server.id, f.blocked, f.home_location.name]
s = c.servers.get_by_name("one")
net = s.private_net[0]
print(json.dumps([
  [told(f) for f in c.floating_ips.get_all()],
  [s.id, s.status, s.public_net.ipv4.ip, [f.id for f in s.public_net.floating_ips], s.created.year],
  [net.network.id, net.network.name, net.ip, net.alias_ips],
]))`;
    assertEquals(await ask(cloud, script), [
      [
        [11, "web", "131.232.99.1", "ipv4", 42, false, "fsn1"],
        [12, "web6", "2001:db8:f::/64", "ipv6", 42, true, "fsn1"],
      ],
      [42, "running", "192.0.2.1", [11, 12], 2026],
      [7, "lan", "10.0.0.2", cloud.aliasIps(42, 7)],
    ]);
  },
});

Deno.test({
  name: "python3-hcloud assigns, unassigns and changes aliases, and waits for the actions",
  ignore,
  async fn() {
    await using cloud = await startCloud({ actionMs: 50 });
    const script = `
f, s, n = c.floating_ips.get_by_id(11), c.servers.get_by_id(43), c.networks.get_by_name("lan")
a = f.assign(s)
told = [a.command, a.status, code(lambda: f.unassign())]
a.wait_until_finished()
told += [a.status, c.floating_ips.get_by_id(11).server.id, [x.command for x in f.get_actions()]]
f.unassign().wait_until_finished()
told += [c.floating_ips.get_by_id(11).server]
s.change_alias_ips(n, ["10.0.0.20"]).wait_until_finished()
told += [code(lambda: s.change_alias_ips(n, ["10.0.0.11"]))]
s.reload()
print(json.dumps(told + s.private_net[0].alias_ips))`;
    assertEquals(await ask(cloud, script), [
      ...["assign_floating_ip", "running", "locked"],
      ...["success", 43, ["assign_floating_ip"]],
      ...[null, "ip_not_available", "10.0.0.20"],
    ]);
    assertEquals(cloud.serverOf("131.232.99.1"), null);
    assertEquals(cloud.aliasIps(43, 7), ["10.0.0.20"]);
  },
});

Deno.test({
  name: "python3-hcloud reads all pages of a list",
  ignore,
  async fn() {
    await using cloud = await startCloudWithMany();
    const ids = await ask(cloud, "print(json.dumps([f.id for f in c.floating_ips.get_all()]))");
    assertEquals(ids, Array.from({ length: 120 }, (_, i) => i + 1));
    assertEquals(
      outcomes(cloud),
      [1, 2, 3].map((page) => `GET /floating_ips?page=${page}&per_page=50: 200`),
    );
  },
});

Deno.test({
  name: "python3-hcloud tells each error of the Cloud by its code",
  ignore,
  async fn() {
    await using cloud = await startCloud();
    cloud.fail(...errorCodes.map((code) => ({ kind: "error", code, on: "POST" }) as const));
    cloud.fail({ kind: "action", code: "action_failed", on: "POST" });
    const script = `
def assign(): c.floating_ips.get_by_id(11).assign(c.servers.get_by_id(43)).wait_until_finished()
print(json.dumps([code(assign) for _ in range(${errorCodes.length})]))`;
    // Where the quota is used up, it asks again by itself.
    const expected = errorCodes.filter((code) => code !== "rate_limit_exceeded");
    assertEquals(await ask(cloud, script), [...expected, "action_failed"]);
    assertEquals(cloud.serverOf("131.232.99.1"), 42);
  },
});

Deno.test({
  name: "python3-hcloud meets tokens of little use",
  ignore,
  async fn() {
    await using cloud = await startCloud();
    const script = `
f = hcloud.floating_ips.client.BoundFloatingIP(c.floating_ips, {"id": 11}, complete=False)
print(json.dumps([code(lambda: c.floating_ips.get_by_id(11)), code(lambda: f.unassign())]))`;
    assertEquals(await ask(cloud, script, "wrong"), ["unauthorized", "unauthorized"]);
    assertEquals(await ask(cloud, script, tokens.readOnly), ["done", "token_readonly"]);
    assertEquals(await ask(cloud, script, tokens.other), ["not_found", "not_found"]);
    assertEquals(cloud.serverOf("131.232.99.1"), 42);
  },
});
