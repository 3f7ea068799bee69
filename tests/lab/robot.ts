import type { KeptSettings } from "../../lib/robot/provider.ts";
import type { KeptAddress } from "../../lib/move/provider.ts";
import { keptByRobot } from "../../lib/robot/provider.ts";
import { type Simulator, startSimulator } from "../../lib/robot/simulator.ts";

/** Starts a Robot with two servers and an address that points to the second. */
export function startRobot(): Promise<Simulator> {
  return startSimulator({
    accounts: [{ username: "FOO", password: "BAR" }],
    servers: [{ number: 1, ip: "1.1.1.1" }, { number: 2, ip: "2.2.2.2" }],
    failovers: [{ ip: "4.4.4.4", activeServerIp: "2.2.2.2" }],
  });
}

/** The settings of an action that routes the address of {@link startRobot} to the first server. */
export function settingsFor(
  robot: Simulator,
  changed: Partial<KeptSettings> = {},
): KeptSettings {
  return {
    username: "FOO",
    password: "BAR",
    ip: "4.4.4.4",
    activeServerIp: "1.1.1.1",
    url: robot.failoverUrl("4.4.4.4"),
    timeoutMs: 10_000,
    deadlineMs: 30_000,
    sslNoVerify: false,
    verifyMs: 300_000,
    reclaim: true,
    preflight: true,
    ...changed,
  };
}

/** The address of {@link startRobot}, as a node with {@link settingsFor} keeps it. */
export function keptAddress(
  robot: Simulator,
  changed: Partial<KeptSettings> = {},
): KeptAddress {
  return keptByRobot(settingsFor(robot, changed));
}
