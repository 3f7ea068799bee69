/** A network namespace with nothing but the loopback device. */
export interface Island extends AsyncDisposable {
  /** The words that run a command there, before the command. */
  readonly on: readonly string[];
}

/** Makes an island; needs root, and Debian's package `iproute2`. */
export async function makeIsland(): Promise<Island> {
  const name = `failover-${crypto.randomUUID().slice(0, 8)}`;
  const ip = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("ip", { args }).output();
    if (!success) throw new Error(`ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  };
  await ip("netns", "add", name);
  await ip("-n", name, "link", "set", "lo", "up");
  return {
    on: ["ip", "netns", "exec", name],
    [Symbol.asyncDispose]: () => ip("netns", "delete", name),
  };
}
