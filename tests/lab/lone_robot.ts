// The Robot's simulator as a process, for another network namespace: prints its URL, each request
// once it has ended, and stays. The failover address 4.4.4.4 points nowhere; the user is FOO, the
// password BAR. Its argument, JSON of the type SimulatorOptions, may change each of these.
import { type SimulatorOptions, startSimulator } from "../../lib/robot/simulator.ts";

const changed: Partial<SimulatorOptions> = JSON.parse(Deno.args[0] ?? "{}");
const robot = await startSimulator({
  accounts: [{ username: "FOO", password: "BAR" }],
  servers: [{ number: 1, ip: "1.1.1.1" }],
  failovers: [{ ip: "4.4.4.4", activeServerIp: null }],
  onRequest({ method, path, outcome }) {
    if (outcome !== undefined) console.log(`${method} ${path}: ${outcome}`);
  },
  ...changed,
});
console.log(robot.failoverUrl("4.4.4.4"));
