// `failover takeover`, and a node's takeover, in each circumstance that API.md tells of and in more:
// how they end, which requests they send, and whether a node asks with the account afterwards.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { exitStatusOf } from "../../lib/cli/by_hand/_outcome.ts";
import { AccountGuard } from "../../lib/move/account_guard.ts";
import { routeHere } from "../../lib/move/route_here.ts";
import { type Simulator, startSimulator } from "../../lib/robot/simulator.ts";
import { keptAddress } from "../lab/robot.ts";
import { run } from "../lab/run.ts";
import { type Circumstance, circumstances } from "./_circumstances.ts";

const account = { username: "FOO", password: "B;a/R" };
const ip = "4.4.4.4";

/** Runs `work` at a Robot in a circumstance; the result is its own, and what the Robot has seen. */
async function inside<T>(
  { faults = [], arrange, robot: changed }: Circumstance,
  work: (robot: Simulator) => Promise<T>,
) {
  await using robot = await startSimulator({
    accounts: [account],
    servers: [{ number: 1, ip: "1.1.1.1" }, { number: 2, ip: "2.2.2.2" }],
    failovers: [{ ip, activeServerIp: "2.2.2.2" }],
    ...changed,
  });
  robot.fail(...faults);
  arrange?.(robot);
  const result = await work(robot);
  const requests = robot.requests.map(({ method }) => method).join(" ");
  return { result, requests, pointsTo: robot.activeServerIp(ip) };
}

const usual = { timeout: 20, deadline: 60 };

async function takenByHand(circumstance: Circumstance) {
  const { to = "1.1.1.1", password = account.password, alone = {} } = circumstance;
  const { timeout, deadline } = { ...usual, ...circumstance.seconds };
  const { args = [], url, env, on } = alone;
  const { result, requests, pointsTo } = await inside(circumstance, async (robot) => {
    const words = ["--ip", ip, "--to", to, "--url", url?.(robot) ?? robot.failoverUrl(ip)];
    const limits = ["--timeout", `${timeout}`, "--deadline", `${deadline}`, "--user", "FOO"];
    const variables = { ROBOT_PASSWORD: password, ...env };
    return await run(["takeover", ...words, ...limits, ...args], { env: variables, on });
  });
  const { code: status, out, err } = result;
  const all = `${err}${out}`;
  assert(!all.includes(account.password), "the password is told");
  const told = all.trimEnd().split("\n").at(-1)!.replace(/\(\d+\.\d s\)$/, "(N s)")
    .replace(/within \d+(\.\d{1,3})? s/, "within N s").replace(/127\.0\.0\.1:\d+/, "127.0.0.1:N");
  return { seen: { told, status, requests }, pointsTo };
}

/** A takeover as a node begins it, and the reason not to ask with the account after it. */
async function takenByNode(circumstance: Circumstance) {
  const { to: activeServerIp = "1.1.1.1", password = account.password } = circumstance;
  const { timeout, deadline } = { ...usual, ...circumstance.seconds };
  const guard = new AccountGuard();
  const { result, requests } = await inside(circumstance, async (robot) => {
    const limits = { timeoutMs: timeout * 1000, deadlineMs: deadline * 1000 };
    const address = keptAddress(robot, { ...account, password, activeServerIp, ...limits });
    const { signal } = new AbortController();
    const ignore = () => {};
    const context = { signal, guard, recheck: ignore, log: ignore, seen: ignore, moves: ignore };
    const status = exitStatusOf(await routeHere(address, context));
    const refusal = guard.refusal(address.account, "switch");
    if (refusal === undefined) return { status, remembered: undefined };
    if (guard.isRefused(address.account)) return { status, remembered: "refused" };
    assertMatch(refusal, /^not asked: the quota is used up for \d+ s more$/);
    return { status, remembered: "limited" };
  });
  return { ...result, requests };
}

/** The text where it matches, and else the pattern that it does not match. */
function fitting(expected: string | RegExp, text: string): string {
  if (typeof expected === "string") return expected;
  return expected.test(text) ? text : `${expected}`;
}

Deno.test("a takeover in each circumstance", async (t) => {
  const left = [...circumstances];
  const oneAfterTheOther = async () => {
    for (let next; (next = left.shift()) !== undefined;) {
      const circumstance = next;
      const { title, told, status, requests, remembered, alone } = circumstance;
      await t.step({
        name: title,
        // Of steps side by side nobody can tell whose an operation is.
        sanitizeOps: false,
        sanitizeResources: false,
        sanitizeExit: false,
        async fn() {
          const [{ seen, pointsTo }, node] = await Promise.all([
            takenByHand(circumstance),
            alone === undefined ? takenByNode(circumstance) : undefined,
          ]);
          const expected = { told: fitting(told, seen.told), status };
          assertEquals(seen, { ...expected, requests: fitting(requests, seen.requests) });
          if (status === 0) assertEquals(pointsTo, "1.1.1.1");
          if (node === undefined) return;
          const rest = { status, remembered };
          assertEquals(node, { ...rest, requests: fitting(requests, node.requests) });
        },
      });
    }
  };
  await Promise.all(Array.from({ length: 4 }, oneAfterTheOther));
});
