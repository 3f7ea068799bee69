// The Robot's simulator as a process, for another network namespace: prints its URL and stays. The
// failover address 4.4.4.4 points nowhere; the user is FOO, the password BAR.
import { startSimulator } from "../../lib/robot/simulator.ts";

const robot = await startSimulator({
  accounts: [{ username: "FOO", password: "BAR" }],
  servers: [{ number: 1, ip: "1.1.1.1" }],
  failovers: [{ ip: "4.4.4.4", activeServerIp: null }],
});
console.log(robot.failoverUrl("4.4.4.4"));
