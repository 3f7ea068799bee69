// curl meets the simulator as it meets the Robot: as uWSGI's plugin asks for a switch, which posts
// multipart/form-data, and as people do by hand.
import { assertEquals } from "@std/assert";
import { makeCertificate } from "../lab/certificate.ts";
import { hasCommand } from "../lab/missing.ts";
import { startRobot } from "../robot/_setup.ts";

interface Row {
  readonly what: string;
  readonly path?: string;
  /** The words besides the URL, the certificate to trust and the right credentials. */
  readonly words: readonly string[];
  /** The HTTP status, and the `active_server_ip` or the code in the body. */
  readonly answer: readonly [status: number, told: string | null];
  /** The outcomes of the requests; that of one request with the answer's when left out. */
  readonly requests?: readonly string[];
}

const asPlugin = (to: string) => ["--basic", "--form", `active_server_ip=${to}`];
const refused = "401 UNAUTHORIZED";
const wrong = ["--user", "#ws+user:wrong"];

// One after the other, at one Robot.
const rows: readonly Row[] = [
  { what: "a look", words: [], answer: [200, "1.1.1.1"] },
  {
    what: "a switch, as the plugin asks for it",
    words: asPlugin("2.2.2.2"),
    answer: [200, "2.2.2.2"],
  },
  {
    what: "the same once more, which the plugin takes for a success",
    words: asPlugin("2.2.2.2"),
    answer: [409, "FAILOVER_ALREADY_ROUTED"],
  },
  {
    what: "as the plugin asks with ssl_no_verify",
    words: ["--insecure", ...asPlugin("1.1.1.1")],
    answer: [200, "1.1.1.1"],
  },
  {
    what: "as the plugin asks, to a server of nobody",
    words: asPlugin("9.9.9.9"),
    answer: [404, "FAILOVER_NEW_SERVER_NOT_FOUND"],
  },
  { what: "as the plugin asks, to nowhere", words: asPlugin(""), answer: [400, "INVALID_INPUT"] },
  {
    what: "a switch of a subnet, as the plugin asks for it",
    path: "/failover/2a01:4f8:fff1::",
    words: asPlugin("2a01:4f8:2::"),
    answer: [200, "2a01:4f8:2::"],
  },
  {
    what: "a switch by hand",
    words: ["--data", "active_server_ip=3.3.3.3"],
    answer: [200, "3.3.3.3"],
  },
  { what: "the end of a routing", words: ["--request", "DELETE"], answer: [200, null] },
  // The first request of each brings no credentials.
  ...[1, 2, 3].map((time) => ({
    what: `credentials when they are asked for, time ${time}`,
    words: ["--anyauth", "--data", "active_server_ip=2.2.2.2"],
    answer: time === 1 ? [200, "2.2.2.2"] as const : [409, "FAILOVER_ALREADY_ROUTED"] as const,
    requests: [refused, time === 1 ? "200" : "409 FAILOVER_ALREADY_ROUTED"],
  })),
  { what: "no such path", path: "/failover/%", words: [], answer: [404, "NOT_FOUND"] },
  ...[1, 2, 3].map((time) => ({
    what: `a wrong password, time ${time}`,
    words: [...wrong, ...asPlugin("1.1.1.1")],
    answer: [401, "UNAUTHORIZED"] as const,
  })),
  { what: "the right one, too late", words: asPlugin("1.1.1.1"), answer: [401, "UNAUTHORIZED"] },
];

Deno.test({
  name: "curl moves, looks at and releases addresses of the simulator",
  ignore: !await hasCommand("curl"),
  async fn(t) {
    const tls = makeCertificate();
    await using robot = await startRobot({ tls });
    const folder = await Deno.makeTempDir();
    const file = `${folder}/robot.pem`;
    await Deno.writeTextFile(file, tls.cert);
    const usual = ["--silent", "--show-error", "--globoff", "--cacert", file];
    for (const { what, path = "/failover/4.4.4.4", words, answer, requests } of rows) {
      await t.step(what, async () => {
        const from = robot.requests.length;
        const login = ["--user", "#ws+user:pä;ss:w0rd"];
        const args = [
          ...[...usual, "--write-out", "\n%{http_code}", ...login, ...words],
          robot.url + path,
        ];
        const { stdout, stderr } = await new Deno.Command("curl", { args }).output();
        assertEquals(new TextDecoder().decode(stderr), "");
        const [body, status] = new TextDecoder().decode(stdout).split("\n");
        const { failover, error } = JSON.parse(body);
        const [code, told] = answer;
        assertEquals([Number(status), error?.code ?? failover.active_server_ip], [code, told]);
        const outcome = error === undefined ? `${code}` : `${code} ${told}`;
        const outcomes = robot.requests.slice(from).map((request) => `${request.outcome}`);
        assertEquals(outcomes, requests ?? [outcome]);
      });
    }
    await Deno.remove(folder, { recursive: true });
  },
});
