import { startCloudSimulator } from "../../hcloud/simulator.ts";
import type { DemoServer, Stage, Tell } from "./_stage.ts";

const address = "131.232.99.1";
const token = "BAR";

/** Starts an imitation of the Hetzner Cloud, whose floating address is assigned to no server. */
export async function startCloudStage(
  servers: readonly DemoServer[],
  { switchMs, tell }: {
    /** The duration of an assignment, in milliseconds. */
    readonly switchMs: number;
    readonly tell: Tell;
  },
): Promise<Stage> {
  const cloud = await startCloudSimulator({
    projects: [{
      tokens: [token],
      servers: servers.map(({ number, ip }) => ({ id: number, ipv4: ip })),
      floatingIps: [{ id: 11, ip: address, name: "web" }],
    }],
    actionMs: switchMs,
    onRequest({ method, path, body, outcome }) {
      if (method !== "POST") return;
      const asked = `${method} ${path} ${JSON.stringify(body)}`;
      const answered = outcome === "201" ? "201: an action runs" : outcome;
      tell("Cloud", answered ?? asked);
    },
    onAction({ id, error }) {
      const server = cloud.serverOf(address);
      const at = server === null ? "no server" : `server ${server}`;
      tell("Cloud", `action ${id}: ${error ?? `success, ${address} is assigned to ${at}`}`);
    },
  });
  return {
    address,
    place: `the Cloud is at ${cloud.url}`,
    isAt: (server) => cloud.serverOf(address) === server.number,
    action: ({ number }) =>
      `hcloud-floating-ip:token=${token},url=${cloud.url},ip=${address},server=${number}`,
    [Symbol.asyncDispose]: () => cloud.close(),
  };
}
