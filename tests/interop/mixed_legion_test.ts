// Nodes of ours and of real uWSGI in one legion, for every cipher, in every role.
import { assert, assertEquals } from "@std/assert";
import { cipherNames } from "../../lib/config/config.ts";
import { freePorts } from "../lab/free_ports.ts";
import type { LegionStats } from "../../lib/status/report.ts";
import { startNode } from "../lab/failover.ts";
import type { TestProcess } from "../lab/process.ts";
import { untilStats } from "../lab/stats.ts";
import { hasUwsgi, startUwsgi, uwsgiSays } from "../lab/uwsgi.ts";

if (!hasUwsgi) console.log("tests/interop: skipped, there is no uwsgi here (Debian: uwsgi-core)");

type Kind = "ours" | "uwsgi";

const start = { ours: startNode, uwsgi: startUwsgi };
const isLord = { ours: /this node is the lord/, uwsgi: uwsgiSays.lord };
const noLonger = { ours: /this node is no longer the lord/, uwsgi: uwsgiSays.noLonger };
// uWSGI reloads on SIGTERM, and stops on SIGINT.
const cleanStop: Record<Kind, Deno.Signal> = { ours: "SIGTERM", uwsgi: "SIGINT" };

interface Member {
  readonly kind: Kind;
  readonly name: string;
  readonly valor: number;
}

/** A legion on loopback, whose members can be started and ended. */
async function setUp(encryption: string, quorum: number, members: readonly Member[]) {
  const folder = await Deno.makeTempDir();
  const stack = new AsyncDisposableStack();
  const processes: TestProcess[] = [];
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const ports = freePorts(members.length);
  const statsPorts = freePorts(members.length);
  const options = (index: number) =>
    [
      `legion = failover 127.0.0.1:${ports[index]} ${members[index].valor} ${encryption}`,
      ...ports.filter((_, i) => i !== index).map((p) => `legion-node = failover 127.0.0.1:${p}`),
      `legion-quorum = failover ${quorum}`,
      "legion-scroll = failover a text to go with it",
      "legion-freq = 1",
      "legion-tolerance = 3",
      `stats = 127.0.0.1:${statsPorts[index]}`,
    ].map((line) => `${line}\n`).join("");
  return {
    run: async (index: number): Promise<TestProcess> => {
      const { kind, name } = members[index];
      const text = `${kind === "ours" ? "[uwsgi]\n" : ""}${options(index)}`;
      const process = stack.use(await start[kind](folder, name, text));
      processes.push(process);
      return process;
    },
    /** What all processes have said so far. */
    lines: () => processes.flatMap(({ name, lines }) => lines.map((line) => `${name}: ${line}`)),
    stats: (...indexes: number[]) => indexes.map((index) => statsPorts[index]),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** All see the same legion, and the same one of them says that it is lord. */
function agree(lord: number) {
  return (legions: LegionStats[]) =>
    legions.every((legion) =>
      legion.checksum === legions[0].checksum &&
      legion.members.length === legions.length - 1 &&
      legion.members.every(({ checksum }) => checksum === legion.checksum) &&
      legion.lord_uuid === legions[lord].uuid &&
      legion.lord_valor === legions[lord].valor
    ) && legions.every(({ i_am_the_lord }, index) => (i_am_the_lord > 0) === (index === lord));
}

/** The first and the second take over from each other, whatever becomes of the first. */
async function takeTurns(
  encryption: string,
  quorum: number,
  members: readonly Member[],
): Promise<void> {
  await using legion = await setUp(encryption, quorum, members);
  const all = members.map((_, index) => index);
  const rest = all.slice(1);
  const [{ kind: first }, { kind: second }] = members;

  const [strong, weak] = await Promise.all(all.map((index) => legion.run(index)));
  await strong.line(isLord[first]);
  await untilStats(legion.stats(...all), "all to agree on the first", agree(0));

  strong.signal("SIGKILL");
  const taken = await weak.line(isLord[second]);
  await untilStats(legion.stats(...rest), "the rest to agree on the second", agree(0));
  await strong.status();

  const again = await legion.run(0);
  await again.line(isLord[first]);
  const released = await weak.line(noLonger[second], taken);
  await untilStats(legion.stats(...all), "all to agree on the first again", agree(0));

  assertEquals(await again.end(cleanStop[first]), 0);
  const takenAgain = await weak.line(isLord[second], released);
  await untilStats(legion.stats(...rest), "the rest to agree on the second again", agree(0));
  assert(takenAgain > released);
}

const legions: [what: string, quorum: number, members: Member[]][] = [
  ["a uWSGI lord and our follower", 0, [
    { kind: "uwsgi", name: "strong", valor: 20 },
    { kind: "ours", name: "weak", valor: 10 },
  ]],
  ["our lord and a uWSGI follower", 0, [
    { kind: "ours", name: "strong", valor: 20 },
    { kind: "uwsgi", name: "weak", valor: 10 },
  ]],
  ["a uWSGI lord, our follower and a uWSGI arbiter", 2, [
    { kind: "uwsgi", name: "strong", valor: 20 },
    { kind: "ours", name: "weak", valor: 10 },
    { kind: "uwsgi", name: "arbiter", valor: 0 },
  ]],
  ["our lord, a uWSGI follower and our arbiter", 2, [
    { kind: "ours", name: "strong", valor: 20 },
    { kind: "uwsgi", name: "weak", valor: 10 },
    { kind: "ours", name: "arbiter", valor: 0 },
  ]],
];

for (const [what, quorum, members] of legions) {
  Deno.test({
    name: `${what} take turns after SIGKILL, a return and a clean stop, for every cipher`,
    ignore: !hasUwsgi,
    async fn() {
      const ends = await Promise.allSettled(
        cipherNames.map((cipher) => takeTurns(`${cipher}:secret1 an-iv`, quorum, members)),
      );
      const failures = ends.flatMap((end) => end.status === "rejected" ? [end.reason.message] : []);
      assertEquals(failures, []);
    },
  });
}

Deno.test({
  name:
    "the same lines make one legion: ciphers by other names, a secret with %, an IV with blanks",
  ignore: !hasUwsgi,
  async fn() {
    const [[, quorum, members]] = legions;
    const encryptions = ["Blowfish", "AES256", "des3"].map((name) =>
      `${name}:50%%a%%(b  my own iv`
    );
    const ends = await Promise.allSettled(
      encryptions.map((encryption) => takeTurns(encryption, quorum, members)),
    );
    const failures = ends.flatMap((end) => end.status === "rejected" ? [end.reason.message] : []);
    assertEquals(failures, []);
  },
});

Deno.test({
  name: "our stats have every key of uWSGI's legions, in the same types, and the same values",
  ignore: !hasUwsgi,
  async fn() {
    await using legion = await setUp("aes-128-cbc:secret1 an-iv", 2, [
      { kind: "uwsgi", name: "theirs", valor: 20 },
      { kind: "ours", name: "ours", valor: 10 },
    ]);
    await using _theirs = await legion.run(0);
    await using _ours = await legion.run(1);
    const [theirs, ours] = await untilStats(legion.stats(0, 1), "both to agree", agree(0));
    const shape = (value: object) =>
      Object.entries(value).map(([key, each]) =>
        `${key}: ${Array.isArray(each) ? "list" : typeof each}`
      );
    const known = Object.keys(theirs);
    const sameKeys = Object.fromEntries(known.map((key) => [key, ours[key as keyof LegionStats]]));
    assertEquals(shape(sameKeys), shape(theirs));
    assertEquals(shape(theirs.members[0]), shape(ours.members[0]).slice(0, 5));
    const { legion: name, checksum, quorum, lord_valor, lord_uuid } = ours;
    const { legion: theirName, ...their } = theirs;
    assertEquals(
      [name, checksum, quorum, lord_valor, lord_uuid],
      [theirName, their.checksum, their.quorum, their.lord_valor, their.lord_uuid],
    );
    const [{ uuid, valor, kind }] = ours.members;
    assertEquals([uuid, valor, kind], [theirs.uuid, theirs.valor, "uwsgi"]);
    assertEquals([theirs.members[0].uuid, theirs.members[0].valor], [ours.uuid, ours.valor]);
    assertEquals(theirs.nodes, [ours.addr]);
  },
});
