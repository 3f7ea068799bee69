import { errorMessage } from "../../base/error_message.ts";
import { startSimulator } from "../../robot/simulator.ts";
import { DemoNode } from "./_node.ts";
import { Timeline } from "./_timeline.ts";
import type { Command } from "../command.ts";
import { exitStatus } from "../exit_status.ts";
import { freePorts } from "./free_ports.ts";
import { expectNothing, parseOptions } from "../options.ts";
import { printErrorLine } from "../print.ts";

/** `failover demo` */
export const command: Command = {
  help: `failover demo

Starts three nodes and an imitation of the Robot webservice on this machine, kills the lord, and
shows how the failover address moves: to the next server, and back when the first has returned.
The demo takes about 6 s, needs no rights and leaves nothing behind.

Examples:
  failover demo

Exit status: 0 the address was where it belongs at each step; 1 it was not, or it took too long.
`,
  async run(args) {
    expectNothing(parseOptions(args, command.help).rest);
    const interrupted = new AbortController();
    const interrupt = () => interrupted.abort(new Error("interrupted"));
    for (const signal of signals) Deno.addSignalListener(signal, interrupt);
    try {
      await play(interrupted.signal);
      return exitStatus.done;
    } catch (error) {
      printErrorLine(`failover demo: ${errorMessage(error)}`);
      return exitStatus.failed;
    } finally {
      for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
    }
  },
};

const signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

const address = "4.4.4.4";
const servers = [
  { number: 1, ip: "1.1.1.1", valor: 9999 },
  { number: 2, ip: "2.2.2.2", valor: 9998 },
  { number: 3, ip: "3.3.3.3", valor: 9997 },
];
const account = { username: "FOO", password: "BAR" };

async function play(signal: AbortSignal): Promise<void> {
  const timeline = new Timeline(signal);
  await using robot = await startSimulator({
    accounts: [account],
    servers: servers.map(({ number, ip }) => ({ number, ip })),
    failovers: [{ ip: address, activeServerIp: null }],
    switchMs: 400,
    onRequest({ method, path, activeServerIp, outcome }) {
      if (method !== "POST") return;
      const asked = `${method} ${path} active_server_ip=${activeServerIp}`;
      const answered = `${outcome}: ${address} points to ${robot.activeServerIp(address)}`;
      timeline.tell("Robot", outcome === undefined ? asked : answered);
    },
  });
  const ports = freePorts(servers.length);
  const folder = await Deno.makeTempDir({ prefix: "failover-demo-" });
  const nodes = servers.map(({ number, ip, valor }, index) => {
    const settings = { ip: address, activeIp: ip, ...account, url: robot.failoverUrl(address) };
    return new DemoNode({
      name: `server-${number}`,
      folder,
      text: configuration({ valor, ports, index, settings }),
      tell: (name, what) => timeline.tell(name, what),
    });
  });
  const [first, second] = nodes;
  const at = (node: DemoNode, ip: string) => () =>
    node.isLord && robot.activeServerIp(address) === ip;

  try {
    timeline.say(`three servers, and ${address} points nowhere: the Robot is at ${robot.url}`);
    for (const node of nodes) await node.start();
    await timeline.until(`${first.name} has ${address}`, at(first, "1.1.1.1"));

    timeline.say(`kill -9: ${first.name} is gone without a word`);
    const killed = performance.now();
    await first.kill();
    await timeline.until(`${second.name} has ${address}`, at(second, "2.2.2.2"));
    const seconds = ((performance.now() - killed) / 1000).toFixed(1);

    timeline.say(`${first.name} is started again`);
    await first.start();
    await timeline.until(`${first.name} has ${address} again`, at(first, "1.1.1.1"));
    await timeline.until(`${second.name} has let go`, () => !second.isLord);

    timeline.say(
      `all nodes are stopped; ${address} was at ${second.name} ${seconds} s after the kill`,
    );
    await Promise.all(nodes.map((node) => node.stop()));
  } finally {
    await Promise.all(nodes.map((node) => node.kill()));
    await Deno.remove(folder, { recursive: true });
  }
}

interface Settings {
  readonly ip: string;
  readonly activeIp: string;
  readonly username: string;
  readonly password: string;
  readonly url: string;
}

function configuration(
  { valor, ports, index, settings: { ip, activeIp, username, password, url } }: {
    valor: number;
    ports: readonly number[];
    index: number;
    settings: Settings;
  },
): string {
  const peers = ports.filter((port) => port !== ports[index]);
  const action = `username=${username},password=${password},ip=${ip},active_ip=${activeIp}`;
  return `[uwsgi]
legion = failover 127.0.0.1:${ports[index]} ${valor} bf-cbc:secret1
${peers.map((port) => `legion-node = failover 127.0.0.1:${port}`).join("\n")}
legion-quorum = failover 2
legion-lord = failover hetzner-failoverip:${action},url=${url}
legion-death-on-lord-error = 5
legion-freq = 0.2
legion-tolerance = 1
`;
}
