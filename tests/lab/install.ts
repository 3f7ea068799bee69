import { assertEquals } from "@std/assert";
import { compile } from "./compile.ts";
import { program } from "./failover.ts";
import { runCommand } from "./run_command.ts";
import type { SystemdMachine } from "./systemd_machine.ts";

/** The commands by which a server's unit gets the rights for `address:`. */
export const allowAddresses = `
  mkdir -p /etc/systemd/system/failover.service.d
  failover systemd --address > /etc/systemd/system/failover.service.d/address.conf
`;

/** Puts the executable where machines see it, in the files `old` and `new`; returns their folder. */
export async function makeExecutables(): Promise<string> {
  // The machines have a /tmp of their own.
  const folder = await Deno.makeTempDir({ dir: "/var/tmp" });
  await Deno.chmod(folder, 0o755);
  if (program.executable !== undefined) {
    await Deno.copyFile(program.executable, `${folder}/old`);
  } else {
    const { code, err } = await compile(["--portable", "--output", `${folder}/old`]);
    assertEquals(code, 0, err);
  }
  await Deno.copyFile(`${folder}/old`, `${folder}/new`);
  return folder;
}

/**
 * Installs an executable and a node on a server, as README has it; its name tells the index.
 *
 * @param more commands that run after the unit is there, and before the node
 */
export async function installNode(
  machine: SystemdMachine,
  executable: string,
  index: number,
  config: string,
  more = "",
): Promise<void> {
  const script = `
    hostname server-${index + 1}
    install -m 755 ${executable} /usr/local/bin/failover
    useradd --system --home-dir / --shell /usr/sbin/nologin failover
    cat > /etc/failover.ini
    chown failover /etc/failover.ini
    chmod 600 /etc/failover.ini
    failover systemd > /etc/systemd/system/failover.service
    ${more}
    systemctl daemon-reload
    systemctl enable --quiet --now failover
  `;
  await runCommand([...machine.on, "sh", "-euc", script], config);
}
