// A Robot as a process, for use in a network namespace. Its argument is JSON, of the type
// RobotArgument. The process prints its URL, each switch asked for, and each switch done.
import { startSimulator } from "../../lib/robot/simulator.ts";
import { preciseTimeMs } from "./precise_time.ts";
import { account, failoverAddress, type RobotArgument, robotSays } from "./robot_process.ts";

const { host, port, switchMs, servers, tls }: RobotArgument = JSON.parse(Deno.args[0]);
const robot = await startSimulator({
  host,
  port,
  tls,
  accounts: [account],
  servers: servers.map((ip, index) => ({ number: index + 1, ip })),
  failovers: [{ ip: failoverAddress, activeServerIp: null }],
  switchMs,
  now: preciseTimeMs,
  // The drills are not about quotas, so these are out of the way.
  quota: { gets: 10_000, posts: 10_000, intervalMs: 3_600_000 },
  onRequest({ method, activeServerIp, atMs, outcome }) {
    if (method === "POST" && outcome === undefined) {
      console.log(`${robotSays.asked}${activeServerIp} ${atMs}`);
    }
  },
  onSwitch: (_ip, activeServerIp) => console.log(`${robotSays.pointsTo}${activeServerIp}`),
});
console.log(`${robotSays.isAt}${robot.failoverUrl(failoverAddress)}`);
