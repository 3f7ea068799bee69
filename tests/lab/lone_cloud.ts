// A simulated Cloud as a process, such as for the switch of a network, with its metadata service. Its
// argument is JSON, of the type CloudSimulatorOptions. The process prints its URL, and then each
// request as it ends: `GET /floating_ips/11: 200`.
import { type CloudSimulatorOptions, startCloudSimulator } from "../../lib/hcloud/simulator.ts";

const options: CloudSimulatorOptions = JSON.parse(Deno.args[0]);
const cloud = await startCloudSimulator({
  ...options,
  onRequest({ method, path, outcome }) {
    if (outcome !== undefined) console.log(`${method} ${path}: ${outcome}`);
  },
});
console.log(cloud.url);
