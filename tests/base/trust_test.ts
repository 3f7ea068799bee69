import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { type FailoverAccess, getFailover, routeFailover } from "../../lib/robot/client.ts";
import { MoveError } from "../../lib/move/move_error.ts";
import { type CertificateOptions, makeCertificate } from "../lab/certificate.ts";
import { accessTo, startRobot, takeover } from "../robot/_setup.ts";

Deno.test("a certificate that nobody vouches for is refused, and nothing is sent", async () => {
  await using robot = await startRobot({ tls: makeCertificate() });
  const error = await assertRejects(() => getFailover(accessTo(robot)), MoveError);
  assertEquals([error.kind, error.code], ["untrusted", "CERT_UNKNOWN_ISSUER"]);
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

Deno.test("a POST whose connection breaks is lost, and is sent once, by https as well", async () => {
  const tls = makeCertificate();
  await using robot = await startRobot({ tls });
  const access = { ...accessTo(robot), ca: tls.cert };
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

Deno.test("a certificate for another host, or of another time, is called that, with its dates", async () => {
  const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;
  const times = (words: string) => RegExp(words.replaceAll("TIME", time.source));
  const cases: [CertificateOptions, string, RegExp][] = [
    [{ host: "other.test" }, "CERT_OTHER_NAME", /is not for 127\.0\.0\.1, but for other\.test$/],
    [
      { days: -1 },
      "CERT_HAS_EXPIRED",
      times("expired: .* until TIME, and this .* clock says TIME$"),
    ],
    [
      { days: 3, inDays: 2 },
      "CERT_NOT_YET_VALID",
      times("not yet valid: .* from TIME on, and this .* clock says TIME$"),
    ],
  ];
  for (const [options, code, words] of cases) {
    const tls = makeCertificate(options);
    await using robot = await startRobot({ tls });
    const access = { ...accessTo(robot), ca: tls.cert };
    const error = await assertRejects(() => getFailover(access), MoveError);
    assertEquals([error.kind, error.code, robot.requests.length], ["untrusted", code, 0]);
    assertMatch(error.message, words);
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

Deno.test({
  name: "a cancelled request is cancelled also while it reads its ca",
  // The look at the file ends by itself, a little later than the request.
  sanitizeOps: false,
  async fn() {
    await using robot = await startRobot({ tls: makeCertificate() });
    const abort = new AbortController();
    const access = { ...accessTo(robot), ca: "/dev/zero" };
    const request = getFailover(access, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await assertRejects(() => request, Error, "enough");
  },
});

/**
 * The code of a request's error in a process with these certificates of the system; empty: none.
 *
 * @param first a request that is sent before
 */
async function codeWith(
  store: Record<string, string>,
  access: FailoverAccess,
  first?: FailoverAccess,
): Promise<string> {
  const client = import.meta.resolve("../../lib/robot/client.ts");
  const code = `import { getFailover } from "${client}";
    const first = ${JSON.stringify(first)};
    if (first !== undefined) await getFailover(first);
    const { code = "" } = await getFailover(${JSON.stringify(access)}).catch((error) => error);
    console.log(code, Deno.env.get("DENO_TLS_CA_STORE") ?? "");`;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", code],
    env: { SSL_CERT_DIR: "/nowhere", ...store },
  });
  const { stdout } = await command.output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("the system's certificates are trusted, also besides ca", async () => {
  const tls = makeCertificate();
  await using robot = await startRobot({ tls });
  const access = accessTo(robot);
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, tls.cert);
    const other = makeCertificate({ name: "another" }).cert;
    assertEquals(await codeWith({ SSL_CERT_FILE: file }, access), "");
    assertEquals(await codeWith({ SSL_CERT_FILE: file }, { ...access, ca: other }), "");
    assertEquals(
      await codeWith({ SSL_CERT_FILE: file }, access, { ...access, sslNoVerify: true }),
      "",
      "after one that verified nothing",
    );
    await Deno.writeTextFile(file, other);
    assertEquals(await codeWith({ SSL_CERT_FILE: file }, access), "CERT_UNKNOWN_ISSUER");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("without a store of the system ca is trusted all the same", async () => {
  const tls = makeCertificate();
  await using robot = await startRobot({ tls });
  const store = { SSL_CERT_FILE: "/nowhere/ca.pem" };
  assertEquals(await codeWith(store, { ...accessTo(robot), ca: tls.cert }), "");
  assertEquals(await codeWith(store, accessTo(robot)), "CERT_UNKNOWN_ISSUER");
});
