// An address by http: of which no look tells: what a person sees of it, and what ends its trouble.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startApi } from "../lab/any_api.ts";
import { isLord, running, setUp } from "../lab/three_nodes.ts";

const ip = "203.0.113.10";

/**
 * Two servers with such an address; `refusing` says what becomes of a server's next requests.
 *
 * @param here the name of both servers; that of each when left out
 */
async function stage(here?: string) {
  const stack = new AsyncDisposableStack();
  const refusing = new Map<string, number>();
  const asked: string[] = [];
  const { url } = stack.use(startApi(({ body }) => {
    const server = body.slice("server=".length);
    asked.push(server);
    return new Response(null, { status: refusing.get(server) ?? 200 });
  }));
  const legion = stack.use(
    await setUp((index) =>
      index === 2 ? "" : `legion-lord = failover http:any
[http any]
ip = ${ip}
here = ${here ?? `web${index + 1}`}
url = ${url}/{ip}/move
body = server={here}
header = X-Token: tOkEn
`
    ),
  );
  const status = async (index: number) => (await legion.ask(index, "status")).out;
  return { legion, asked, refusing, status, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const mark = /203\.0\.113\.10 points to web1\(not-verified\), seen/;
const trouble = /^warning: .*hook|HTTP_403\b.*\)$/m;

Deno.test("what is not verified is told as that, and a takeover by hand ends its trouble", async () => {
  await using blind = await stage();
  const { legion, asked, refusing, status } = blind;
  refusing.set("web1", 403);
  await running(legion);
  const before = await status(0);
  assertMatch(before, /203\.0\.113\.10: not seen yet \(refused: HTTP_403: .*\)$/m);
  assertMatch(before, /^warning: lord hook \(line \d+\): failed: refused: HTTP_403/m);

  const list = await legion.ask(0, "addresses");
  assertEquals(list.code, 0);
  assertMatch(list.out, /^203\.0\.113\.10 +\(not told\) .*the API of \[http any\]$/m);
  const doctor = await legion.ask(0, "doctor", "--look");
  assertStringIncludes(doctor.out, `! address ${ip}: no look tells where it points; as lord `);
  const dry = await legion.ask(0, "takeover", "--ip", ip, "--dry-run");
  assertEquals([dry.code, dry.out], [
    0,
    `where ${ip} points is not told by the API of [http any]: would ask for web1\n`,
  ]);
  assertEquals(asked, ["web1"]);

  refusing.clear();
  const moved = await legion.ask(0, "takeover", "--ip", ip);
  assertEquals(moved.code, 0, moved.err);
  const after = await status(0);
  assertMatch(after, mark);
  assertEquals(trouble.test(after), false, after);
  assertEquals(asked, ["web1", "web1"]);
});

Deno.test("failover resume lets a lord ask again for what was refused", async () => {
  await using blind = await stage();
  const { legion, asked, refusing, status } = blind;
  refusing.set("web1", 403);
  await running(legion);
  refusing.clear();
  const resumed = await legion.ask(0, "resume");
  assertEquals(resumed.code, 0, resumed.err);
  const after = await status(0);
  assertMatch(after, mark);
  assertEquals([trouble.test(after), asked], [false, ["web1", "web1"]], after);
});

Deno.test("a login that was refused is tried again after failover resume", async () => {
  await using blind = await stage();
  const { legion, asked, refusing, status } = blind;
  refusing.set("web1", 401);
  const [a, judge] = await Promise.all([legion.run(0), legion.run(2)]);
  await a.line(/refuses the login for 203/);
  const b = await legion.run(1);
  await b.line(isLord);
  assertMatch(await status(0), /stands back: .*refuses the login/);
  refusing.clear();
  const from = a.lines.length;
  const resumed = await legion.ask(0, "resume");
  assertEquals(resumed.code, 0, resumed.err);
  await a.line(isLord, from);
  assertMatch(await status(0), mark);
  assertEquals(asked, ["web1", "web2", "web1"]);
  await judge.end("SIGTERM");
});

Deno.test("a file that was copied with its here is told by the node that is not lord", async () => {
  await using blind = await stage("web1");
  const { legion, status } = blind;
  await running(legion);
  await legion.until(1, "the lord's sight", ({ addresses }) => addresses[1].seen > 0);
  const copied = /^warning: 203\.0\.113\.10 points to web1\(not-verified\), where this node would/m;
  assertMatch(await status(1), copied);
  assertEquals(copied.test(await status(0)), false);
});
