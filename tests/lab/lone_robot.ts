// The Robot's simulator as a process, for another network namespace: it prints its URL and stays.
// It has the failover address 4.4.4.4, which points nowhere, for the user FOO with password BAR.
import { startSimulator } from "../../lib/robot/simulator.ts";

const robot = await startSimulator({
  accounts: [{ username: "FOO", password: "BAR" }],
  servers: [{ number: 1, ip: "1.1.1.1" }],
  failovers: [{ ip: "4.4.4.4", activeServerIp: null }],
});
console.log(robot.failoverUrl("4.4.4.4"));
