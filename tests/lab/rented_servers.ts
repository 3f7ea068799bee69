import { makeCertificate } from "./certificate.ts";
import { hasCommand } from "./missing.ts";
import { type Lan, makeLan } from "./lan.ts";
import { RobotProcess } from "./robot_process.ts";
import { runCommand } from "./run_command.ts";
import { canBootMachines, SystemdMachine } from "./systemd_machine.ts";

/** The addresses that the manual gives to its three servers. */
export const rentedAddresses = ["1.1.1.1", "2.2.2.2", "3.3.3.3"] as const;

/** The name that the Robot has in the world. */
const robotName = "robot-ws.your-server.de";

// Debian's, and that of most others.
const trusted = "/etc/ssl/certs/ca-certificates.crt";

/** The programs that this takes, besides those of a machine: Debian's openssh-server, and nftables. */
export const canRentServers = canBootMachines && await hasCommand("sshd") &&
  await hasCommand("ssh-keygen") && await hasCommand("nft");

/** Three servers as they are rented, and the Robot by its name, all in namespaces of this machine. */
export interface RentedServers extends AsyncDisposable {
  /** The servers, in the order of their addresses. */
  readonly machines: readonly SystemdMachine[];
  /** The Robot, an imitation, which answers at the real one's URL. */
  readonly robot: RobotProcess;
  /** Types a line at home, in a folder of its own, from where root may log in at the servers. */
  atHome(line: string): Promise<string>;
  /** The folder at home. */
  readonly home: string;
}

/**
 * Rents three servers: each has its address, a host name, no firewall, and an ssh service that lets
 * root of the others in. A configuration needs no word for the Robot's being an imitation.
 */
export async function rentServers(): Promise<RentedServers> {
  await using made = new AsyncDisposableStack();
  const lan = made.use(await makeLan(rentedAddresses.length));
  const certificate = makeCertificate({ host: robotName });
  const robot = made.use(
    await RobotProcess.start(lan, {
      switchMs: 2000,
      tls: certificate,
      port: 443,
      servers: rentedAddresses,
    }),
  );
  const home = await Deno.makeTempDir();
  made.defer(() => Deno.remove(home, { recursive: true }));
  const key = await sshKey(home);
  for (const [index, address] of rentedAddresses.entries()) {
    await runCommand([
      ...lan.on("switch"),
      "ip",
      "route",
      "add",
      address,
      "via",
      lan.addresses[index],
    ]);
  }
  const machines = await Promise.all(rentedAddresses.map(async (_, index) => {
    const machine = made.use(await SystemdMachine.boot(lan.on(index)));
    await connect(machine, lan, index);
    const hosts = `127.0.0.1 localhost\n${lan.switchAddress} ${robotName}\n`;
    const script = `
      hostname server-${index + 1}
      # A package may start and stop services here, and root's login is greeted by no warning.
      rm -f /usr/sbin/policy-rc.d /run/nologin
      # The machine below may be installing something just now.
      rm -f /var/lib/dpkg/updates/*
      # An index of man pages would take longer than the rest of an installation.
      rm -f /var/lib/man-db/auto-update
      printf '%s' "$1" > /etc/hosts
      printf '%s' "$2" >> ${trusted}
      mkdir -p -m 700 /root/.ssh
      cat > /root/.ssh/id_ed25519
      chmod 600 /root/.ssh/id_ed25519
      ssh-keygen -y -f /root/.ssh/id_ed25519 > /root/.ssh/authorized_keys
      printf 'Host *\\n  StrictHostKeyChecking accept-new\\n' > /root/.ssh/config
      systemctl start ssh
    `;
    const words = [...machine.on, "sh", "-euc", script, "sh", hosts, certificate.cert];
    await runCommand(words, key);
    return machine;
  }));
  const all = made.move();
  const script = `cd ${home}; PATH=${home}/bin:$PATH; `;
  return {
    machines,
    robot,
    home,
    atHome: (line) => runCommand([...lan.on("switch"), "sh", "-euc", script + line]),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Gives a server its address, and the ways to the others. */
async function connect(machine: SystemdMachine, { addresses }: Lan, index: number) {
  const own = rentedAddresses[index];
  await machine.run("ip", "address", "add", `${own}/32`, "dev", "wire");
  for (const [other, address] of rentedAddresses.entries()) {
    if (other === index) continue;
    await machine.run("ip", "route", "add", address, "via", addresses[other], "src", own);
  }
}

/** A key by which root may log in at each server, and a scp at home that uses it. */
async function sshKey(home: string): Promise<string> {
  await runCommand(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${home}/key`]);
  await Deno.mkdir(`${home}/bin`);
  const options = `-o UserKnownHostsFile=${home}/hosts -o StrictHostKeyChecking=accept-new`;
  const scp = `#!/bin/sh\nexec /usr/bin/scp -F none -i ${home}/key ${options} "$@"\n`;
  await Deno.writeTextFile(`${home}/bin/scp`, scp, { mode: 0o755 });
  return await Deno.readTextFile(`${home}/key`);
}
