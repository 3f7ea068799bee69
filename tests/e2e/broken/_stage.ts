import type { Answer } from "../../../lib/cli/doctor/answer.ts";
import { delay } from "@std/async/delay";
import { answerLines, utf8Signs } from "../../../lib/cli/doctor/shown.ts";
import { askStats } from "../../../lib/status/client.ts";
import { verdictOf } from "../../../lib/status/verdict.ts";
import { failover } from "../../lab/failover.ts";
import { type Lan, makeLan } from "../../lab/lan.ts";
import { ip } from "../../lab/network.ts";
import { TestProcess } from "../../lab/process.ts";
import { account, failoverAddress, RobotProcess } from "../../lab/robot_process.ts";
import { type Certificate, makeCertificate } from "../../lab/certificate.ts";
import { run } from "../../lab/run.ts";
import { runCommand } from "../../lab/run_command.ts";

/** A change to the text of a node's configuration. */
export type Edit = (text: string) => string;

/** The things that a person may ask at a server, and what they say. */
export interface Said {
  /** The log since the thing was broken. */
  readonly log: string;
  /** `failover status`. */
  readonly status: string;
  /** `failover status --check`, with its exit status before it: `1 FAILOVER WARNING - …`. */
  readonly check: string;
  /** `failover doctor`, as a person reads it. */
  readonly doctor: string;
  /** Its answers that are wrong, a line each: `what: why | remedy | topic`. */
  readonly wrong: readonly string[];
}

/** Servers in namespaces of their own, each with a node of one legion; and a Robot. */
export interface Stage extends AsyncDisposable {
  /** The servers' network. */
  readonly lan: Lan;
  /** The Robot, which the lord hooks ask over https. */
  readonly robot: RobotProcess;
  /** The authority that has signed the Robot's certificate. */
  readonly ca: Certificate;
  /** The folder of all files. */
  readonly folder: string;
  /** The process of a server's node, the last that there was. */
  node(server: number): TestProcess;
  /** Writes a server's configuration, and starts its node. */
  start(server: number, edit?: Edit, env?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends a server's node, and starts one with another configuration. */
  restart(server: number, edit?: Edit, env?: Readonly<Record<string, string>>): Promise<void>;
  /** Writes a server's configuration, and has its node read it anew. */
  reload(server: number, edit?: Edit): Promise<void>;
  /** Changes the firewall of a server, or of the switch: `add rule inet filter input …`. */
  nft(at: number | "switch", commands: string): Promise<void>;
  /** Adds the failover address to a server's loopback device, or deletes it. */
  address(server: number, does: "add" | "delete"): Promise<void>;
  /** Routes the failover address by hand, at the first server. */
  route(to: string): Promise<void>;
  /** Has another process take the port of a server's node, until it is disposed of. */
  squat(server: number): Promise<void>;
  /** Ends that process. */
  unsquat(): Promise<void>;
  /** Refuses all connections to the Robot. */
  robotDown(): Promise<void>;
  /** Lets everything through to the Robot again. */
  robotUp(): Promise<void>;
  /** Ends a resource with the stage. */
  use<T extends AsyncDisposable>(resource: T): T;
  /** From now on `log` begins here. */
  begin(): void;
  /** Asks everything at a server. */
  ask(server: number): Promise<Said>;
  /** Waits until all is well at all servers, and the first is lord. */
  untilWell(): Promise<void>;
}

/** The name of a server. */
export function serverName(server: number): string {
  return `server-${server + 1}`;
}

// Another process on the port of a node.
const squatting = `import { createSocket } from "node:dgram";
createSocket("udp4").bind(2000, "0.0.0.0", () => console.log("bound"));`;

const patienceMs = 30_000;

/** Sets a stage with this number of servers, on which no node runs yet. */
export async function setStage(servers: number): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "failover-broken-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const lan = made.use(await makeLan(servers));
  const ca = makeCertificate({ name: "authority" });
  await Deno.writeTextFile(`${folder}/ca.pem`, ca.cert);
  const tls = makeCertificate({ host: lan.switchAddress, by: ca });
  const robot = made.use(await RobotProcess.start(lan, { switchMs: 100, tls }));
  const started = made.use(new AsyncDisposableStack());
  const nodes = new Map<number, TestProcess>();
  const clocks = new Map<number, Readonly<Record<string, string>>>();
  let squatter: TestProcess | undefined;
  let firstLines = new Map<number, number>();

  const file = (server: number) => `${folder}/${serverName(server)}.ini`;
  const env = (server: number) => ({
    RUNTIME_DIRECTORY: `${folder}/run-${server}`,
    LANG: "C.UTF-8",
  });
  const quorum = Math.floor(servers / 2) + 1;
  const configuration = (server: number) => {
    const own = lan.addresses[server];
    const action = [
      `username=${account.username},password=${account.password}`,
      `ip=${failoverAddress},active_ip=${own},ca=${folder}/ca.pem,url=${robot.url}`,
    ].join(",");
    return [
      "[uwsgi]",
      `legion = web ${own}:2000 ${30 - server} aes-128-cbc:secret1`,
      ...lan.addresses.filter((other) => other !== own)
        .map((other) => `legion-node = web ${other}:2000`),
      `legion-quorum = web ${quorum}`,
      "legion-freq = 0.2",
      "legion-tolerance = 2",
      "legion-death-on-lord-error = 2",
      `legion-lord = web hetzner-failoverip:${action}`,
      "",
    ].join("\n");
  };
  const on = (server: number) => ({ on: lan.on(server), env: env(server) });
  const node = (server: number) => {
    const process = nodes.get(server);
    if (process === undefined) throw new Error(`${serverName(server)} has no node`);
    return process;
  };
  const write = (server: number, edit: Edit = (text) => text) =>
    Deno.writeTextFile(file(server), edit(configuration(server)), { mode: 0o600 });
  const start = async (
    server: number,
    edit?: Edit,
    more: Readonly<Record<string, string>> = {},
  ) => {
    await write(server, edit);
    const args = ["node", "--config", file(server), "--name", serverName(server)];
    const at = on(server);
    nodes.set(
      server,
      started.use(failover(serverName(server), args, { ...at, env: { ...at.env, ...more } })),
    );
    clocks.set(server, more);
    firstLines.delete(server);
  };
  const nft = async (at: number | "switch", commands: string) => {
    await runCommand([...lan.on(at), "nft", "-f", "-"], commands);
  };
  // As a server's own firewall has them.
  const chains = ["input", "output"].map((chain) =>
    `chain ${chain} { type filter hook ${chain} priority 0; }`
  );
  const table = `table inet filter {\n${chains.join("\n")}\n}\n`;
  for (const at of [...lan.addresses.keys(), "switch"] as const) await nft(at, table);
  const host = (server: number) => lan.on(server)[3];
  const address = (server: number, does: "add" | "delete") =>
    ip("-n", host(server), "address", does, `${failoverAddress}/32`, "dev", "lo");
  for (const server of lan.addresses.keys()) await address(server, "add");

  const verdict = async (server: number) => {
    try {
      const path = `${env(server).RUNTIME_DIRECTORY}/${lan.addresses[server]}:2000.status`;
      return verdictOf(await askStats({ path }, false)).line;
    } catch (error) {
      return `no answer: ${error}`;
    }
  };
  const all = made.move();
  return {
    lan,
    robot,
    ca,
    folder,
    node,
    start,
    async restart(server, edit, more) {
      await nodes.get(server)?.[Symbol.asyncDispose]();
      await start(server, edit, more);
    },
    async reload(server, edit) {
      await write(server, edit);
      const from = node(server).lines.length;
      node(server).signal("SIGHUP");
      await node(server).line(/read anew|everything stays as it was/, from);
    },
    nft,
    address,
    async route(to) {
      const args = ["takeover", "--force", "--ip", failoverAddress, "--to", to];
      const { code, err } = await run([...args, "--config", file(0)], on(0));
      if (code !== 0) throw new Error(err);
    },
    async squat(server) {
      const { on: words } = on(server);
      const [command, ...args] = [...words, Deno.execPath(), "eval", "--quiet", squatting];
      squatter = started.use(new TestProcess({ name: "squatter", command, args }));
      await squatter.line(/bound/);
    },
    async unsquat() {
      await squatter?.end("SIGTERM");
    },
    robotDown: () =>
      nft("switch", "add rule inet filter input meta l4proto tcp reject with tcp reset"),
    robotUp: () => nft("switch", "flush chain inet filter input"),
    use: (resource) => started.use(resource),
    begin() {
      firstLines = new Map([...nodes].map(([server, { lines }]) => [server, lines.length]));
    },
    async ask(server) {
      const { on: words, env } = on(server);
      const asked = { on: words, env: { ...env, ...clocks.get(server) } };
      const config = ["--config", file(server)];
      const [status, checked, json] = await Promise.all([
        run(["status", ...config], asked),
        run(["status", "--check", ...config], asked),
        run(["doctor", "--json", ...config], asked),
      ]);
      const { answers } = JSON.parse(json.out) as { answers: Answer[] };
      const doctor = answerLines(answers, {
        signs: utf8Signs,
        paint: (_, text) => text,
        width: Infinity,
      });
      const lines = nodes.get(server)?.lines.slice(firstLines.get(server) ?? 0) ?? [];
      const told = ({ code, out, err }: typeof status) => `exit status ${code}\n${out}${err}`;
      return {
        log: lines.map((line) => line.replace(/^\S+Z /, "")).join("\n"),
        status: told(status),
        check: `${checked.code} ${checked.out}${checked.err}`,
        doctor: `exit status ${json.code}\n${doctor}`,
        wrong: answers.filter(({ sign }) => sign === "wrong")
          .map(({ what, why, remedy, topic }) => [`${what}: ${why}`, remedy, topic].join(" | ")),
      };
    },
    async untilWell() {
      const deadlineMs = performance.now() + patienceMs;
      for (;;) {
        const said = await Promise.all([...lan.addresses.keys()].map(verdict));
        const isWell = said.every((line) => line.startsWith("FAILOVER OK"));
        if (isWell && said[0].includes("this node is the lord")) return;
        await delay(100);
        if (performance.now() > deadlineMs) {
          throw new Error(`all is not well:\n${said.join("\n")}\n${node(0).lines.join("\n")}`);
        }
      }
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
