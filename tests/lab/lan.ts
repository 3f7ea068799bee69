import { ip } from "./network.ts";
import { runCommand } from "./run_command.ts";

/** Servers on one switch, each a network namespace; the switch is a host too. */
export interface Lan extends AsyncDisposable {
  /** The switch's own address, which all servers reach. */
  readonly switchAddress: string;
  /** The servers' addresses. */
  readonly addresses: readonly string[];
  /** The words that run a command on a server, by its index, or on the switch: put before it. */
  on(host: number | "switch"): string[];
  /** Plugs in a server's wire at the switch, or pulls it out. */
  plug(server: number, state: "up" | "down"): Promise<void>;
  /** The processes of a server, in the order of their ids. */
  processes(server: number): Promise<number[]>;
}

/** Makes a switch with this number of servers, invisible from outside its namespaces. */
export async function makeLan(servers: number): Promise<Lan> {
  const id = crypto.randomUUID().slice(0, 8);
  const bridge = `failover-${id}-switch`;
  const hosts = Array.from({ length: servers }, (_, index) => `failover-${id}-${index}`);
  const addresses = hosts.map((_, index) => `10.77.0.${index + 1}`);
  const switchAddress = "10.77.0.254";
  await using made = new AsyncDisposableStack();
  const addHost = async (host: string) => {
    await ip("netns", "add", host);
    made.defer(() => ip("netns", "delete", host));
    await ip("-n", host, "link", "set", "lo", "up");
  };
  await addHost(bridge);
  await ip("-n", bridge, "link", "add", "bridge", "type", "bridge");
  await ip("-n", bridge, "address", "add", `${switchAddress}/24`, "dev", "bridge");
  await ip("-n", bridge, "link", "set", "bridge", "up");
  for (const [index, host] of hosts.entries()) {
    const port = `port-${index}`;
    await addHost(host);
    // The switch's name for it, in what it tells of all hosts.
    await ip("-n", bridge, "netns", "set", host, `${index}`);
    const wire = ["link", "add", "wire", "type", "veth", "peer", port, "netns", bridge];
    await ip("-n", host, ...wire);
    await ip("-n", bridge, "link", "set", port, "master", "bridge", "up");
    await ip("-n", host, "address", "add", `${addresses[index]}/24`, "dev", "wire");
    await ip("-n", host, "link", "set", "wire", "up");
  }
  const all = made.move();
  return {
    switchAddress,
    addresses,
    on: (host) => ["ip", "netns", "exec", host === "switch" ? bridge : hosts[host]],
    plug: (server, state) => ip("-n", bridge, "link", "set", `port-${server}`, state),
    async processes(server) {
      const said = await runCommand(["ip", "netns", "pids", hosts[server]]);
      return said.split("\n").filter((line) => line !== "").map(Number).sort((a, b) => a - b);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
