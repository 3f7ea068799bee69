/** Whether network namespaces can be made here: root, and Debian's package `iproute2`. */
export const canMakeNetworks = Deno.build.os === "linux" && await probe();

async function probe(): Promise<boolean> {
  const host = `failover-${crypto.randomUUID().slice(0, 8)}`;
  try {
    await ip("netns", "add", host);
    await ip("netns", "delete", host);
    return true;
  } catch {
    return false;
  }
}

/** Two hosts on one wire, each a network namespace. */
export interface Network extends AsyncDisposable {
  /** The words that run a command on a host: put before it. */
  on(host: 0 | 1): string[];
  /** Gives a host a further address. */
  addAddress(host: 0 | 1, address: string): Promise<void>;
  /** The hosts' addresses. */
  readonly addresses: readonly [string, string];
  /** Takes the wire away, and with it the interfaces at its ends. */
  removeWire(): Promise<void>;
  /** Lays the wire as it was at first. */
  layWire(): Promise<void>;
}

/** Makes two hosts, whose multicast and broadcast go over the wire between them. */
export async function makeNetwork(): Promise<Network> {
  const id = crypto.randomUUID().slice(0, 8);
  const hosts = [`failover-${id}-0`, `failover-${id}-1`];
  const addresses = ["10.77.0.1", "10.77.0.2"] as const;
  for (const host of hosts) {
    await ip("netns", "add", host);
    await ip("-n", host, "link", "set", "lo", "up");
  }
  const [first, second] = hosts;
  const layWire = async () => {
    const wire = ["link", "add", "wire", "type", "veth", "peer", "wire", "netns", second];
    await ip("-n", first, ...wire);
    for (const [index, host] of hosts.entries()) {
      await ip("-n", host, "address", "add", `${addresses[index]}/24`, "dev", "wire");
      await ip("-n", host, "address", "add", `fd09::${index + 1}/64`, "dev", "wire", "nodad");
      await ip("-n", host, "link", "set", "wire", "up");
      await ip("-n", host, "route", "add", "default", "dev", "wire");
    }
  };
  await layWire();
  return {
    addresses,
    layWire,
    removeWire: () => ip("-n", first, "link", "delete", "wire"),
    on: (host) => ["ip", "netns", "exec", hosts[host]],
    addAddress: (host, address) => ip("-n", hosts[host], "address", "add", address, "dev", "lo"),
    async [Symbol.asyncDispose]() {
      for (const host of hosts) await ip("netns", "delete", host);
    },
  };
}

/**
 * Runs `ip` with these arguments.
 *
 * @throws Error with the output of the command, when it fails
 */
export async function ip(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("ip", { args, stdout: "null" }).output();
  if (!success) throw new Error(`ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
