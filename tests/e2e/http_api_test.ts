// One legion that moves an address of the Robot and one by an HTTP API, side by side.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startApi } from "../lab/any_api.ts";
import { run } from "../lab/run.ts";
import { running, setUp } from "../lab/three_nodes.ts";

const ip = "203.0.113.10";
const token = "tOkEnOfTheApi";

Deno.test("a Robot address and one by http: follow the lord, side by side", async () => {
  let at: string | null = null;
  await using api = startApi(({ method, headers, body }) => {
    if (headers.get("authorization") !== `Bearer ${token}`) {
      return new Response(headers.get("authorization"), { status: 401 });
    }
    if (method === "POST") at = JSON.parse(body).server;
    return new Response(JSON.stringify({ address: { server: at } }));
  });
  const tokenFile = await Deno.makeTempFile();
  await Deno.writeTextFile(tokenFile, `${token}\n`);
  await using legion = await setUp((index) =>
    index === 2 ? "" : `legion-lord = failover http:any

[http any]
ip = ${ip}
here = web${index}
url = ${api.url}/{ip}/move
body = {"server": "{here}"}
auth = bearer ${tokenFile}
look-url = ${api.url}/{ip}
look-at = /address/server
`
  );
  const [a, b] = await running(legion);
  assertEquals([legion.robot.activeServerIp("4.4.4.4"), at], ["1.1.1.1", "web0"]);
  await b.line(new RegExp(`preflight: ${ip} points`));
  const seen = await legion.until(
    1,
    "both addresses at the lord's servers",
    ({ addresses }) => addresses.every(({ points_to }) => points_to !== null),
  );
  assertEquals(seen[0].addresses.map(({ provider, points_to }) => [provider, points_to]), [
    ["hetzner-robot", "1.1.1.1"],
    ["http", "web0"],
  ]);

  await a.end("SIGKILL");
  await b.line(/this node is the lord/);
  assertEquals([legion.robot.activeServerIp("4.4.4.4"), at], ["2.2.2.2", "web1"]);

  // All that a person can see, and no token in it.
  const status = await legion.ask(1, "status");
  assertStringIncludes(status.out, `${ip} points to web1`);
  const check = await legion.ask(1, "node", "--check-config");
  assertStringIncludes(check.out, `http:any: give ${ip} to web1`);
  const doctor = await legion.ask(1, "doctor", "--look");
  assertStringIncludes(doctor.out, "API of [http any]");
  const json = await legion.ask(1, "status", "--json");
  const told = [status, check, doctor, json].map(({ out, err }) => out + err).join("");
  const logs = [...a.lines, ...b.lines].join("\n");
  assertEquals([told.includes(token), logs.includes(token)], [false, false]);
  await Deno.remove(tokenFile);
});

Deno.test("failover addresses lists each address of one account, also one of which no look tells", async () => {
  await using api = startApi(() => new Response(JSON.stringify({ at: "web1" })));
  const section = (name: string, ip: string, more = "") =>
    `[http ${name}]\nip = ${ip}\nhere = web1\nurl = ${api.url}/{ip}\nheader = X-A: b\n${more}`;
  const file = await Deno.makeTempFile({ suffix: ".ini" });
  await Deno.writeTextFile(
    file,
    `[uwsgi]
legion = one 127.0.0.1:1 1 bf-cbc:secret1
legion-lord = one http:a
legion-lord = one http:b
legion-lord = one http:c
${section("a", "192.0.2.1", `look-url = ${api.url}/{ip}\nlook-at = /at\n`)}
${section("b", "192.0.2.2", `look-url = ${api.url}/{ip}\nlook-at = /at\n`)}
${section("c", "192.0.2.3")}`,
  );
  const { code, out } = await run(["addresses", "--json", "--config", file]);
  await Deno.remove(file);
  const found = JSON.parse(out).map((one: Record<string, unknown>) => [one.ip, one.points_to]);
  assertEquals([code, found], [0, [
    ["192.0.2.1", "web1"],
    ["192.0.2.2", "web1"],
    ["192.0.2.3", undefined],
  ]]);
});

Deno.test("a reload while a takeover polls: as it was it goes on, and with another section anew", async () => {
  let state = "runs";
  let polled = Promise.withResolvers<void>();
  await using api = startApi(({ method }) => {
    if (method === "POST") return new Response('{"id": 7}', { status: 202 });
    polled.resolve();
    return new Response(JSON.stringify({ state }));
  });
  const again = async () => {
    polled = Promise.withResolvers();
    await polled.promise;
  };
  const moves = () => api.got.filter(({ method }) => method === "POST").map(({ path }) => path);
  await using legion = await setUp((index) =>
    index === 2 ? "" : `legion-lord = failover http:any

[http any]
ip = ${ip}
here = web${index}
url = ${api.url}/old
poll-url = ${api.url}/task/{reply:/id}
poll-done = /state = done
`
  );
  const [a] = await Promise.all([legion.run(0), legion.run(2)]);
  await a.line(/follows in .*PROCESSING/);
  const reload = async () => {
    const from = a.lines.length;
    a.signal("SIGHUP");
    await a.line(/read anew|changed|nothing/i, from);
  };
  await reload();
  await again();
  assertEquals(moves(), ["/old"]);
  const file = `${legion.folder}/web1.ini`;
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace("/old", "/new"));
  await reload();
  await a.line(/no longer configured/);
  state = "done";
  await a.line(/203\.0\.113\.10 points to web0/);
  assertEquals(moves(), ["/old", "/new"]);
});
