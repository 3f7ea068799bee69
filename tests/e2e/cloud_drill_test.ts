// A legion whose address is a floating IP, at a Cloud that has bad days: who gets it, and by how many
// requests.
import { assert, assertEquals } from "@std/assert";
import type { CloudFault } from "../../lib/hcloud/simulator.ts";
import { outcomes, startCloud, tokens } from "../lab/cloud.ts";
import { loopbackLegion } from "../lab/loopback_legion.ts";

const address = "131.232.99.1";
// The servers of the nodes, the preferred one first.
const servers = [42, 43, 46];
const isLord = /this node is the lord/;
const assigns = "POST /floating_ips/11/actions/assign";

/**
 * Three nodes that may have the address; all have looked once, and the first has it.
 *
 * @param keys further keys of a node's action, by the node's index
 */
async function setUp(
  keys: (index: number) => string = () => `token=${tokens.project}`,
) {
  await using made = new AsyncDisposableStack();
  const cloud = made.use(await startCloud({ actionMs: 200 }));
  const action = (index: number) =>
    [
      `hcloud-floating-ip:url=${cloud.url},ip=${address},server=${servers[index]},timeout=2`,
      keys(index),
    ].join();
  const legion = made.use(
    await loopbackLegion({
      valors: [30, 20, 10],
      freqSeconds: 0.1,
      toleranceSeconds: 1,
      more: (index) => [
        `legion-lord = one ${action(index)}`,
        "legion-death-on-lord-error = 300",
        // Nodes die often here.
        "legion-flap = one 100/600",
      ],
    }),
  );
  const [a, b, c] = await legion.runAll();
  await a.line(isLord);
  await Promise.all([a, b, c].map((node) => node.line(/ preflight: /)));
  const stack = made.move();
  return { cloud, legion, a, b, c, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

Deno.test("a lord dies: the next has the floating IP by one request, and needs no look-up", async () => {
  await using drill = await setUp();
  const { cloud, a, b } = drill;
  const from = cloud.requests.length;
  await a.end("SIGKILL");
  await b.line(isLord);
  assertEquals(cloud.serverOf(address), 43);
  const asked = outcomes(cloud, from).map((line) => line.replace(/actions\/\d+/, "actions/N"));
  // A busy machine may ask once more for the action.
  assertEquals([...new Set(asked)], [
    `${assigns}: 201`,
    "GET /actions/N: 200",
    "GET /floating_ips/11: 200",
  ]);
  assertEquals(asked.filter((line) => line.startsWith("POST")).length, 1);
});

interface Row {
  readonly what: string;
  readonly fault: CloudFault;
  /** The outcomes of all requests for a change. */
  readonly changes: readonly string[];
  /** The most requests of the takeover, looks and questions for actions included. */
  readonly most: number;
}

const on = "POST";
const done = `${assigns}: 201`;
const rows: readonly Row[] = [
  { what: "slow", fault: { kind: "slow", ms: 1_500, on }, changes: [done], most: 3 },
  {
    what: "locked",
    fault: { kind: "error", code: "locked", on },
    changes: [`${assigns}: 423 locked`, done],
    most: 5,
  },
  {
    what: "used up",
    fault: { kind: "error", code: "rate_limit_exceeded", on },
    changes: [`${assigns}: 429 rate_limit_exceeded`, done],
    most: 4,
  },
  {
    what: "under maintenance",
    fault: { kind: "error", code: "maintenance", on },
    changes: [`${assigns}: 503 maintenance`, done],
    most: 5,
  },
  {
    what: "deaf: the reply to a request that it carries out is lost",
    fault: { kind: "reset", after: true, on },
    changes: [`${assigns}: reset`],
    most: 3,
  },
  {
    what: "dumb: a request is lost",
    fault: { kind: "reset", on },
    changes: [`${assigns}: reset`, done],
    most: 7,
  },
  {
    what: "unable: the action fails",
    fault: { kind: "action", code: "action_failed", on },
    changes: [done, done],
    most: 6,
  },
  {
    what: "strict: what a server has must be unassigned first",
    fault: { kind: "error", code: "floating_ip_assigned", on },
    changes: [
      `${assigns}: 422 floating_ip_assigned`,
      "POST /floating_ips/11/actions/unassign: 201",
      done,
    ],
    most: 8,
  },
];

Deno.test("the Cloud is slow, locked, deaf, unable: the address moves all the same", async (t) => {
  await using drill = await setUp();
  const { cloud, legion, b } = drill;
  let { a } = drill;
  for (const { what, fault, changes, most } of rows) {
    await t.step(what, async () => {
      const [from, said] = [cloud.requests.length, b.lines.length];
      cloud.fail(fault);
      await a.end("SIGKILL");
      await b.line(isLord, said);
      const all = outcomes(cloud, from);
      assertEquals(all.filter((line) => line.startsWith("POST")), changes);
      assert(all.length <= most, all.join("\n"));
      assertEquals(cloud.serverOf(address), 43);

      a = await legion.run(0);
      await Promise.all([a.line(isLord), a.line(/ preflight: /)]);
      assertEquals(cloud.serverOf(address), 42);
    });
  }
});

Deno.test("a node with a wrong token is told at its start, and leaves the address to the next", async () => {
  await using drill = await setUp((index) => `token=${index === 1 ? "wrong" : tokens.project}`);
  const { cloud, a, b, c } = drill;
  const refused = () => outcomes(cloud).filter((line) => line.endsWith("401 unauthorized"));
  assertEquals(refused().length, 1);
  await b.line(/ error .* could not be taken over now: UNAUTHORIZED/);
  const from = cloud.requests.length;
  await a.end("SIGKILL");
  await c.line(isLord);
  assertEquals(cloud.serverOf(address), 46);
  assertEquals(outcomes(cloud, from).filter((line) => line.startsWith("POST")), [done]);
  // Asking again with the same token would change nothing.
  assertEquals(refused().length, 1);
});

Deno.test("an address that a person takes away is taken back, with one request", async () => {
  await using drill = await setUp(() => `token=${tokens.project},verify=10`);
  const { cloud, a } = drill;
  const from = cloud.count(assigns);
  cloud.assign(address, null);
  await cloud.assigned(address, 42);
  await a.line(/131\.232\.99\.1 .*points to 42/);
  assertEquals(cloud.count(assigns) - from, 1);
});
