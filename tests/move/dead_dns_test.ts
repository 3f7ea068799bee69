// Real name servers: one that is dead, and one that is alive, in a network and with files of its own.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { makeCertificate } from "../lab/certificate.ts";

/**
 * Runs code in a network of its own, where 127.0.0.53 takes questions and never answers one, and
 * 127.0.0.54 answers each with 127.0.0.1, as does 127.0.0.55 after 1.5 s; the code finds `ask` and
 * `verifiedAddresses`.
 */
async function run(resolvConf: string, code: string): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const file = (name: string) => `${folder}/${name}`;
    await Deno.writeTextFile(file("resolv.conf"), resolvConf);
    await Deno.writeTextFile(file("hosts"), "127.0.0.1 localhost\n");
    await Deno.writeTextFile(file("main.ts"), `${surroundings}\n${code}\nDeno.exit();`);
    const script = `ip link set lo up && mount --bind ${file("hosts")} /etc/hosts &&
      mount --bind ${file("resolv.conf")} /etc/resolv.conf && exec "$@"`;
    const { success, stdout, stderr } = await new Deno.Command("unshare", {
      args: [
        ...["--net", "--mount", "sh", "-c", script, "sh", Deno.execPath(), "run", "--quiet"],
        ...["--no-check", "--cached-only", "-P", "--unstable-net", "--config"],
        ...[new URL("../../deno.json", import.meta.url).pathname, file("main.ts")],
      ],
      signal: AbortSignal.timeout(60_000),
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim().split("\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const from = (path: string) => JSON.stringify(import.meta.resolve(path));
const tls = makeCertificate({ host: "robot.test" });
const surroundings = `
import { reach } from ${from("../../lib/move/reach.ts")};
import { verifiedAddresses } from ${from("../../lib/move/known_addresses.ts")};
const tls = ${JSON.stringify(tls)};
const at = { hostname: "127.0.0.1", port: 4430, ...tls };
const listener = Deno.listenTls(at);
(async () => {
  for await (const one of listener) one.handshake().catch(() => {});
})();
const listen = (hostname: string) => Deno.listenDatagram({ transport: "udp", hostname, port: 53 });
const dead = listen("127.0.0.53");
const alive = listen("127.0.0.54");
const slow = listen("127.0.0.55");
for (const [server, lateMs] of [[alive, 0], [slow, 1_500]]) (async () => {
  for await (const [query, from] of server) {
    let end = 12;
    while (query[end] > 0) end += query[end] + 1;
    const isIPv4 = query[end + 2] === 1;
    const question = query.subarray(12, end + 5);
    const head = [query[0], query[1], 0x81, 0x80, 0, 1, 0, isIPv4 ? 1 : 0, 0, 0, 0, 0];
    const answer = isIPv4 ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1] : [];
    const reply = Uint8Array.from([...head, ...question, ...answer]);
    setTimeout(() => server.send(reply, from), lateMs);
  }
})();
async function ask(timeoutMs = 20_000) {
  const begun = performance.now();
  const url = "https://robot.test:4430/";
  const result = await reach({ url, family: 4, ca: tls.cert, timeoutMs })
    .then(({ address }) => address, (error) => error);
  const { code = result, message = "" } = result;
  console.log(code, Math.round(performance.now() - begun), message);
}`;

/** Another server with a certificate of its own, where the Robot was before. */
const otherServer = `
const other = Deno.listenTls({ ...at, hostname: "127.9.9.9", ...${
  JSON.stringify(makeCertificate({ host: "other.test" }))
} });
(async () => {
  for await (const one of other) one.handshake().catch(() => {});
})();`;

/** Whether a process may have a network and files of its own; root may. */
async function isPossible(): Promise<boolean> {
  try {
    return (await run("", "console.log('yes');"))[0] === "yes";
  } catch {
    return false;
  }
}
const ignore = !await isPossible();
if (ignore) console.log("dead_dns_test: skipped, it needs root, iproute2 and util-linux");

const deadFirst = "nameserver 127.0.0.53\nnameserver 127.0.0.54\n";
const deadOnly = "nameserver 127.0.0.53\n";

Deno.test({
  name: "a dead first name server costs at most a second",
  ignore,
  async fn() {
    const lines = await run(deadFirst, "await ask(); await ask();");
    const [first, second] = lines.map((line) => line.split(" "));
    assertEquals([first[0], second[0]], ["127.0.0.1", "127.0.0.1"]);
    assert(Number(second[1]) < 2_000, `${second[1]} ms`);
  },
});

Deno.test({
  name: "where no name server answers, the last good address is used after a second",
  ignore,
  async fn() {
    const [line] = await run(
      deadOnly,
      'verifiedAddresses.recall([{ name: "robot.test", address: "127.0.0.1" }]); await ask();',
    );
    const [address, ms] = line.split(" ");
    assertEquals(address, "127.0.0.1");
    assert(Number(ms) > 900 && Number(ms) < 3_000, `${ms} ms`);
  },
});

Deno.test({
  name: "an address learned in the process is used when its name server dies",
  ignore,
  async fn() {
    const lines = await run(
      "nameserver 127.0.0.54\n",
      `await ask(); alive.close(); Deno.writeTextFileSync("/etc/resolv.conf", ${
        JSON.stringify(deadOnly)
      }); await ask();`,
    );
    assertEquals(lines.map((line) => line.split(" ")[0]), ["127.0.0.1", "127.0.0.1"]);
  },
});

Deno.test({
  name: "a last good address that is good no longer is tried, and then the new one",
  ignore,
  async fn() {
    const [line] = await run(
      "nameserver 127.0.0.55\n",
      'verifiedAddresses.recall([{ name: "robot.test", address: "127.9.9.9" }]); await ask();',
    );
    const [address, ms] = line.split(" ");
    assertEquals(address, "127.0.0.1");
    assert(Number(ms) > 1_400, `${ms} ms`);
  },
});

Deno.test({
  name: "a last good address that is another server's by now is no verdict about the provider",
  ignore,
  async fn() {
    const [line] = await run(
      "nameserver 127.0.0.55\n",
      `${otherServer}
      verifiedAddresses.recall([{ name: "robot.test", address: "127.9.9.9" }]); await ask();`,
    );
    assertEquals(line.split(" ")[0], "127.0.0.1");
    const [alone] = await run(
      "",
      `${otherServer}
      verifiedAddresses.recall([{ name: "robot.test", address: "127.9.9.9" }]);
      const { kind } = await reach({ url: "https://robot.test:4430/", timeoutMs: 5_000 })
        .catch((error) => error);
      console.log(kind);`,
    );
    assertEquals(alone, "unsent");
  },
});

Deno.test({
  name: "without name servers and without a memory the name is told, and the time limit holds",
  ignore,
  async fn() {
    const [line] = await run(deadOnly, "await ask(700);");
    const [code, ms, ...words] = line.split(" ");
    assertEquals(code, "TIMEOUT");
    assertMatch(words.join(" "), /within 0.7 s, as no name server has told .* of robot.test$/);
    assert(Number(ms) < 3_000, `${ms} ms`);
  },
});
