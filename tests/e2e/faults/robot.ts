// A Robot as a process, so that it can be in a network namespace. Arguments: the address to listen
// on, how long a switch takes (ms), and the servers' addresses. It says where it is, and each switch.
import { startSimulator } from "../../../lib/robot/simulator.ts";
import { account, failoverAddress, robotSays } from "./robot_process.ts";

const [host, switchMs, ...servers] = Deno.args;
const robot = await startSimulator({
  host,
  accounts: [account],
  servers: servers.map((ip, index) => ({ number: index + 1, ip })),
  failovers: [{ ip: failoverAddress, activeServerIp: null }],
  switchMs: Number(switchMs),
  // No drill is about quotas.
  quota: { gets: 10_000, posts: 10_000, intervalMs: 3_600_000 },
  onSwitch: (_ip, activeServerIp) => console.log(`${robotSays.pointsTo}${activeServerIp}`),
});
console.log(`${robotSays.isAt}${robot.failoverUrl(failoverAddress)}`);
