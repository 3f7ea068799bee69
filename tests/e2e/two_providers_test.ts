// One legion that moves an address of the Robot and a floating IP of the Cloud, side by side.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startCloud } from "../lab/cloud.ts";
import { running, setUp } from "../lab/three_nodes.ts";

const ip = "131.232.99.1";
const token = "tOkEnOfTheProject";

Deno.test("a Robot address and a floating IP follow the lord, side by side", async () => {
  await using cloud = await startCloud({
    actionMs: 300,
    projects: [{
      tokens: [token],
      servers: [1, 2].map((id) => ({ id, name: `cloud${id}`, ipv4: `192.0.2.${id}` })),
      floatingIps: [{ id: 11, ip }],
    }],
  });
  const metadata = [await cloud.metadataOf(1), await cloud.metadataOf(2)];
  const tokenFile = await Deno.makeTempFile();
  await Deno.writeTextFile(tokenFile, `${token}\n`);
  const keys = (index: number) =>
    `ip=${ip},token_file=${tokenFile},url=${cloud.url},metadata=${metadata[index]}`;
  await using legion = await setUp((index) =>
    index === 2 ? "" : `legion-lord = failover hcloud-floating-ip:${keys(index)}`
  );
  legion.robot.switchMs = 300;

  const [a, b] = await running(legion);
  assertEquals([legion.robot.activeServerIp("4.4.4.4"), cloud.serverOf(ip)], ["1.1.1.1", 1]);
  // Neither waits for the other.
  const hooks = a.lines.filter((line) => /lord hook h\S+ \(/.test(line));
  const kinds = hooks.map((line) => /(begins|ended)/.exec(line)![1]);
  assertEquals(kinds, ["begins", "begins", "ended", "ended"], hooks.join("\n"));
  const begun = cloud.count("POST");
  assertEquals([begun, legion.posts()], [1, ["1.1.1.1"]]);

  const seen = await legion.until(
    1,
    "both addresses at the lord's servers",
    ({ addresses }) => addresses.every(({ points_to }) => points_to !== null),
  );
  assertEquals(seen[0].addresses.map(({ provider, points_to }) => [provider, points_to]), [
    ["hetzner-robot", "1.1.1.1"],
    ["hetzner-cloud", "1"],
  ]);

  await b.line(new RegExp(`preflight: ${ip} points`));
  await a.end("SIGKILL");
  await b.line(/this node is the lord/);
  assertEquals([legion.robot.activeServerIp("4.4.4.4"), cloud.serverOf(ip)], ["2.2.2.2", 2]);
  // Nothing had to be looked up: which address, and which server, the preflight has asked.
  const posted = cloud.requests.findLastIndex(({ method }) => method === "POST");
  const before = cloud.requests.slice(0, posted).at(-1);
  assert(!before?.path.includes("metadata") && !before?.path.includes("?"), before?.path);

  // All that a person can see, and no token in it.
  const status = await legion.ask(1, "status");
  assertStringIncludes(status.out, `${ip} points to 2`);
  const check = await legion.ask(1, "node", "--check-config");
  assertStringIncludes(check.out, `token *** of ${tokenFile}`);
  const doctor = await legion.ask(1, "doctor", "--look");
  assertStringIncludes(doctor.out, "Hetzner Cloud");
  assertStringIncludes(doctor.out, `as lord this node asks for 2`);
  const json = await legion.ask(1, "status", "--json");
  const told = [status, check, doctor, json].map(({ out, err }) => out + err).join("");
  const logs = [...a.lines, ...b.lines].join("\n");
  assertEquals([told.includes(token), logs.includes(token)], [false, false]);
  await Deno.remove(tokenFile);
});
