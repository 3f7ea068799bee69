import { moveAddress, type MoveRun } from "../../lib/move/move_address.ts";
import { robotProvider, type RobotSettings } from "../../lib/robot/provider.ts";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../lib/robot/simulator.ts";

/** A Robot with an address, a subnet and three servers; both point to the first. */
export function startRobot(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  return startSimulator({
    accounts: [{ username: "#ws+user", password: "pä;ss:w0rd" }],
    servers: [
      { number: 1, ip: "1.1.1.1", ipv6Net: "2a01:4f8:1::" },
      { number: 2, ip: "2.2.2.2", ipv6Net: "2a01:4f8:2::" },
      { number: 3, ip: "3.3.3.3", ipv6Net: "2a01:4f8:3::" },
    ],
    failovers: [{ ip: "4.4.4.4" }, { ip: "2a01:4f8:fff1::" }],
    ...options,
  });
}

/** The access to `4.4.4.4` at such a Robot, with the second server as the one to route to. */
export function accessTo(robot: Simulator, ip = "4.4.4.4") {
  return {
    username: "#ws+user",
    password: "pä;ss:w0rd",
    ip,
    activeServerIp: ip.includes(":") ? "2a01:4f8:2::" : "2.2.2.2",
    url: robot.failoverUrl(ip),
    timeoutMs: 10_000,
  };
}

/** Moves an address of the Robot to the server of its settings. */
export async function takeover(
  settings: RobotSettings & { readonly activeServerIp: string },
  run?: MoveRun,
) {
  return await moveAddress(robotProvider(settings), settings.activeServerIp, run);
}

/** Drops the routing of an address of the Robot. */
export async function release(settings: RobotSettings, run?: MoveRun) {
  return await moveAddress(robotProvider(settings), null, run);
}
