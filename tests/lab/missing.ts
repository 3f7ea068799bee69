// The Debian package of each command.
const packages = {
  ip: "iproute2",
  nft: "nftables",
  arping: "iputils-arping",
  ndptool: "libndp-tools",
  ping: "iputils-ping",
  faketime: "faketime",
  curl: "curl",
  hcloud: "hcloud-cli",
  hyperfine: "hyperfine",
  uwsgi: "uwsgi-core",
  keepalived: "keepalived",
  patroni: "patroni",
  etcd: "etcd-server",
  pg_ctlcluster: "postgresql",
};

/** A command whose package is known. */
export type KnownCommand = keyof typeof packages;

/** The requirements of namespaces and of these commands that are missing here, in words. */
export async function missing(commands: readonly KnownCommand[]): Promise<string[]> {
  if (Deno.build.os !== "linux") return ["Linux"];
  const lacking = Deno.uid() === 0 ? [] : ["root"];
  for (const command of commands) {
    if (!await hasCommand(command)) {
      lacking.push(`${command} (Debian's package ${packages[command]})`);
    }
  }
  return lacking;
}

/** Whether a command is there. */
export async function hasCommand(command: string): Promise<boolean> {
  const args = ["-c", 'command -v "$0"', command];
  const { success } = await new Deno.Command("/bin/sh", { args, stdout: "null" }).output();
  return success;
}
