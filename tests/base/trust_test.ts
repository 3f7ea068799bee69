import { assert, assertEquals, assertRejects } from "@std/assert";
import { anchorFor } from "../../lib/base/anchors.ts";
import { getFailover, routeFailover } from "../../lib/robot/client.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { trustedCertificates } from "../../lib/base/trust.ts";
import { makeCertificate } from "../lab/certificate.ts";
import { accessTo, startRobot, takeover } from "../robot/_setup.ts";

Deno.test("a certificate that nobody vouches for is refused, and nothing is sent", async () => {
  await using robot = await startRobot({ tls: makeCertificate() });
  const error = await assertRejects(() => getFailover(accessTo(robot)), MoveError);
  assertEquals([error.kind, error.code], ["untrusted", "DEPTH_ZERO_SELF_SIGNED_CERT"]);
  const result = await takeover({ ...accessTo(robot), deadlineMs: 30_000 });
  assertEquals([result.outcome, result.moves, robot.requests.length], ["refused", 0, 0]);
});

Deno.test("ca is trusted, as text and as a file", async () => {
  const tls = makeCertificate();
  await using robot = await startRobot({ tls });
  const access = accessTo(robot);
  assertEquals((await getFailover({ ...access, ca: tls.cert })).ip, "4.4.4.4");
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, `two of them\n${makeCertificate().cert}\n${tls.cert}`);
    assertEquals((await getFailover({ ...access, ca: file })).ip, "4.4.4.4");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a server may change to another certificate that is trusted", async () => {
  const [first, second] = [makeCertificate(), makeCertificate()];
  const ca = `${first.cert}\n${second.cert}`;
  let port: number;
  {
    await using robot = await startRobot({ tls: first });
    port = Number(new URL(robot.url).port);
    for (let turn = 0; turn < 2; turn++) await getFailover({ ...accessTo(robot), ca });
  }
  await using robot = await startRobot({ tls: second, port });
  for (let turn = 0; turn < 2; turn++) await getFailover({ ...accessTo(robot), ca });
  assertEquals(robot.count("GET"), 2);
});

Deno.test("a certificate that was trusted once is so no longer than ca has it", async () => {
  const tls = makeCertificate();
  await using robot = await startRobot({ tls });
  await getFailover({ ...accessTo(robot), ca: tls.cert });
  const error = await assertRejects(() => getFailover(accessTo(robot)), MoveError);
  assertEquals([error.kind, robot.requests.length], ["untrusted", 1]);
});

Deno.test("what a connection was verified by is named alone for the next one, as long as it is trusted", async () => {
  const itself = makeCertificate();
  const authority = makeCertificate({ name: "authority" });
  const vouched = makeCertificate({ by: authority });
  for (const [tls, { cert: ca }] of [[itself, itself], [vouched, authority]]) {
    await using robot = await startRobot({ tls });
    const { host } = new URL(robot.url);
    const { signal } = new AbortController();
    const trusted = await trustedCertificates(ca, signal);
    assertEquals(anchorFor(host, trusted), undefined);
    for (let turn = 0; turn < 2; turn++) {
      await getFailover({ ...accessTo(robot), ca });
      assertEquals(anchorFor(host, trusted)?.trim(), ca.trim());
    }
    assertEquals(anchorFor(host, await trustedCertificates(undefined, signal)), undefined);
  }
});

Deno.test("a POST whose connection breaks is lost, and is sent once, by https as well", async () => {
  const tls = makeCertificate();
  await using robot = await startRobot({ tls });
  const access = { ...accessTo(robot), ca: tls.cert };
  // At first the certificate is not known, then it is named alone.
  for (let posts = 1; posts <= 2; posts++) {
    robot.fail({ method: "POST", kind: "reset" });
    const error = await assertRejects(() => routeFailover(access), MoveError);
    assertEquals([error.kind, robot.count("POST")], ["lost", posts]);
    await getFailover(access);
  }
});

Deno.test("another's ca does not help", async () => {
  await using robot = await startRobot({ tls: makeCertificate() });
  const access = { ...accessTo(robot), ca: makeCertificate().cert };
  const error = await assertRejects(() => getFailover(access), MoveError);
  assertEquals(error.kind, "untrusted");
});

Deno.test("a certificate for another host, or of another time, is refused", async () => {
  for (const tls of [makeCertificate({ host: "other.test" }), makeCertificate({ days: -1 })]) {
    await using robot = await startRobot({ tls });
    const access = { ...accessTo(robot), ca: tls.cert };
    const error = await assertRejects(() => getFailover(access), MoveError);
    assertEquals([error.kind, robot.requests.length], ["untrusted", 0]);
  }
});

Deno.test("sslNoVerify takes any certificate", async () => {
  await using robot = await startRobot({ tls: makeCertificate({ host: "other.test", days: -1 }) });
  const access = { ...accessTo(robot), sslNoVerify: true };
  assertEquals((await getFailover(access)).ip, "4.4.4.4");
});

Deno.test("a ca that holds no certificate is told, and nothing is sent", async () => {
  await using robot = await startRobot({ tls: makeCertificate() });
  const file = await Deno.makeTempFile();
  const fifo = `${file}.fifo`;
  await new Deno.Command("mkfifo", { args: [fifo] }).output();
  try {
    for (
      const ca of [
        "/nowhere/ca.pem",
        file,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        makeCertificate().key,
        // Nobody writes to it.
        fifo,
      ]
    ) {
      const error = await assertRejects(() => getFailover({ ...accessTo(robot), ca }), MoveError);
      assertEquals([error.kind, error.code], ["untrusted", "CA_UNUSABLE"]);
      assertEquals(error.message.includes("KEY"), false);
    }
  } finally {
    await Deno.remove(file);
    await Deno.remove(fifo);
  }
  assertEquals(robot.requests.length, 0);
});

Deno.test("a cancelled request is cancelled also while it reads its ca", async () => {
  await using robot = await startRobot({ tls: makeCertificate() });
  const abort = new AbortController();
  const access = { ...accessTo(robot), ca: "/dev/zero" };
  const request = getFailover(access, { signal: abort.signal });
  abort.abort(new Error("enough"));
  await assertRejects(() => request, Error, "enough");
});

Deno.test("the system's certificates are trusted, and the runtime's own where there are none", async () => {
  const count = async (file: string) => {
    const code = `import { trustedCertificates } from "${trust}";
      console.log((await trustedCertificates(undefined, new AbortController().signal)).length);`;
    const command = new Deno.Command(Deno.execPath(), {
      args: ["eval", code],
      env: { SSL_CERT_FILE: file, SSL_CERT_DIR: "/nowhere" },
    });
    const { stdout } = await command.output();
    return Number(new TextDecoder().decode(stdout));
  };
  const trust = import.meta.resolve("../../lib/base/trust.ts");
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, makeCertificate().cert);
    assertEquals(await count(file), 1);
    assert(await count("/nowhere/ca.pem") > 50);
  } finally {
    await Deno.remove(file);
  }
});
