import { startSimulator } from "../../robot/simulator.ts";
import type { DemoServer, Stage, Tell } from "./_stage.ts";

const address = "4.4.4.4";
const account = { username: "FOO", password: "BAR" };

/** Starts an imitation of the Robot, whose failover address points nowhere. */
export async function startRobotStage(
  servers: readonly DemoServer[],
  { switchMs, tell }: {
    /** The duration of a switch, in milliseconds. */
    readonly switchMs: number;
    readonly tell: Tell;
  },
): Promise<Stage> {
  const robot = await startSimulator({
    accounts: [account],
    servers: servers.map(({ number, ip }) => ({ number, ip })),
    failovers: [{ ip: address, activeServerIp: null }],
    switchMs,
    onRequest({ method, path, activeServerIp, outcome }) {
      if (method !== "POST") return;
      const asked = `${method} ${path} active_server_ip=${activeServerIp}`;
      const answered = `${outcome}: ${address} points to ${robot.activeServerIp(address)}`;
      tell("Robot", outcome === undefined ? asked : answered);
    },
  });
  const { username, password } = account;
  const access = `username=${username},password=${password},url=${robot.failoverUrl(address)}`;
  return {
    address,
    place: `the Robot is at ${robot.url}`,
    isAt: (server) => robot.activeServerIp(address) === server.ip,
    action: ({ ip }) => `hetzner-failoverip:${access},ip=${address},active_ip=${ip}`,
    [Symbol.asyncDispose]: () => robot.close(),
  };
}
