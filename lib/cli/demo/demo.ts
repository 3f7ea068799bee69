import { errorMessage } from "../../base/error_message.ts";
import { startCloudStage } from "./_cloud_stage.ts";
import { DemoNode } from "./_node.ts";
import { startRobotStage } from "./_robot_stage.ts";
import type { DemoServer } from "./_stage.ts";
import { Timeline } from "./_timeline.ts";
import type { Command } from "../command.ts";
import { exitStatus } from "../exit_status.ts";
import { freePorts } from "./free_ports.ts";
import { expectNothing, parseOptions } from "../options.ts";
import { printErrorLine } from "../print.ts";

/** `failover demo` */
export const command: Command = {
  help: `failover demo [--hcloud]

Starts three nodes and an imitation of the Robot webservice on this machine,
kills the lord, and shows how the failover address moves: to the next server,
and back when the first has returned. The demo takes about 6 s, needs no rights
and leaves nothing behind.

  --hcloud                 the same with an imitation of the Hetzner Cloud, and
                           a floating IP

Examples:
  failover demo
  failover demo --hcloud

Exit status: 0 the address was where it belongs at each step; 1 it was not, or
it took too long.
`,
  async run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    const interrupted = new AbortController();
    const interrupt = () => interrupted.abort(new Error("interrupted"));
    for (const signal of signals) Deno.addSignalListener(signal, interrupt);
    try {
      await play(options.flag("hcloud") ? startCloudStage : startRobotStage, interrupted.signal);
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

const servers: readonly DemoServer[] = [
  { number: 1, ip: "1.1.1.1", valor: 9999 },
  { number: 2, ip: "2.2.2.2", valor: 9998 },
  { number: 3, ip: "3.3.3.3", valor: 9997 },
];

async function play(startStage: typeof startRobotStage, signal: AbortSignal): Promise<void> {
  const timeline = new Timeline(signal);
  const tell = (who: string, what: string) => timeline.tell(who, what);
  await using stage = await startStage(servers, { switchMs: 400, tell });
  const { address } = stage;
  const ports = freePorts(servers.length);
  const folder = await Deno.makeTempDir({ prefix: "failover-demo-" });
  const nodes = servers.map((server, index) =>
    new DemoNode({
      name: `server-${server.number}`,
      folder,
      text: configuration({ server, ports, index, action: stage.action(server) }),
      tell,
    })
  );
  const [first, second] = nodes;
  const at = (node: DemoNode) => () => node.isLord && stage.isAt(servers[nodes.indexOf(node)]);

  try {
    timeline.say(`three servers, and ${address} points nowhere: ${stage.place}`);
    for (const node of nodes) await node.start();
    await timeline.until(`${first.name} has ${address}`, at(first));

    timeline.say(`kill -9: ${first.name} is gone without a word`);
    const killed = performance.now();
    await first.kill();
    await timeline.until(`${second.name} has ${address}`, at(second));
    const seconds = ((performance.now() - killed) / 1000).toFixed(1);

    timeline.say(`${first.name} is started again`);
    await first.start();
    await timeline.until(`${first.name} has ${address} again`, at(first));
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

function configuration(
  { server, ports, index, action }: {
    server: DemoServer;
    ports: readonly number[];
    index: number;
    action: string;
  },
): string {
  const peers = ports.filter((port) => port !== ports[index]);
  return `[uwsgi]
legion = failover 127.0.0.1:${ports[index]} ${server.valor} bf-cbc:secret1
${peers.map((port) => `legion-node = failover 127.0.0.1:${port}`).join("\n")}
legion-quorum = failover 2
legion-lord = failover ${action}
legion-death-on-lord-error = 5
legion-freq = 0.2
legion-tolerance = 1
`;
}
