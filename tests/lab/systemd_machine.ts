import { delay } from "@std/async/delay";
import { canMakeNetworks } from "./network.ts";
import { procFile } from "./proc.ts";
import { TestProcess } from "./process.ts";
import { runCommand } from "./run_command.ts";

const systemd = "/usr/lib/systemd/systemd";

/** Whether machines can be booted here: root, and Debian's packages `iproute2` and `systemd`. */
export const canBootMachines = canMakeNetworks && await isThere(systemd);

// The root of the machine is this one's, with all that is written going to memory. /dev has what
// needs no hardware; /sys and /proc/sys are only read, since they are those of this machine, too.
const boot = `
root=$1
mount --make-rprivate /
mount -t tmpfs tmpfs "$root"
mkdir "$root/upper" "$root/work" "$root/all"
mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/all"
cd "$root/all"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in dev run tmp; do mount -t tmpfs -o mode=755 tmpfs $folder; done
chmod 1777 tmp
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mkdir dev/shm dev/pts
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
pivot_root . mnt
exec chroot . env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
  ${systemd} --unit=basic.target --log-target=journal --show-status=0
`;

/** Enters a group of processes of its own, below which systemd makes those of its services. */
const enter = `mkdir "$1"; echo $$ > "$1/cgroup.procs"; shift; exec "$@"`;

const unshare = [
  "unshare",
  "--mount",
  "--pid",
  "--ipc",
  "--uts",
  "--cgroup",
  "--fork",
  "--kill-child",
];

const cgroups = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];
const bootMs = 60_000;
const askEachMs = 50;

/** A machine that systemd runs, made of namespaces of this one; needs root. */
export class SystemdMachine implements AsyncDisposable {
  /** The words that run a command on the machine: put before it. */
  readonly on: readonly string[];
  readonly #resources: AsyncDisposableStack;

  private constructor(on: readonly string[], resources: AsyncDisposableStack) {
    this.on = on;
    this.#resources = resources;
  }

  /**
   * Boots a machine.
   *
   * @param on the words that run a command on the network of the machine: put before it
   * @throws Error when it is not up within a minute
   */
  static async boot(on: readonly string[]): Promise<SystemdMachine> {
    await using made = new AsyncDisposableStack();
    const root = await Deno.makeTempDir();
    made.defer(() => Deno.remove(root));
    const group = `${await cgroupRoot()}/failover-test-${crypto.randomUUID().slice(0, 8)}`;
    made.defer(() => removeGroup(group));
    const args = ["-euc", enter, "sh", group, ...on, ...unshare, "sh", "-euc", boot, "sh", root];
    const process = made.use(new TestProcess({ name: "systemd", command: "sh", args }));
    const deadlineMs = performance.now() + bootMs;
    for (;;) {
      const init = await childOf(process.pid);
      if (init !== undefined && await isUp(wordsFor(init))) {
        return new SystemdMachine(wordsFor(init), made.move());
      }
      if (performance.now() >= deadlineMs) {
        throw new Error(`systemd is not up:\n${process.lines.join("\n")}`);
      }
      await delay(askEachMs);
    }
  }

  /** Runs a command on the machine; the result is its output. */
  run(...command: string[]): Promise<string> {
    return runCommand([...this.on, ...command]);
  }

  /** Takes the power away. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/** The words that run a command on the machine whose first process is this one, by its id here. */
function wordsFor(init: number): string[] {
  const namespaces = ["--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup"];
  const path = "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return ["nsenter", "--target", `${init}`, ...namespaces, "--", "env", "-i", path];
}

async function isUp(on: readonly string[]): Promise<boolean> {
  try {
    return await runCommand([...on, "systemctl", "is-active", "basic.target"]) === "active";
  } catch {
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isFile ?? false;
}

/** The only child of a process; undefined: there is none yet. */
async function childOf(pid: number): Promise<number | undefined> {
  const children = await procFile(`${pid}/task/${pid}/children`) ?? "";
  const [child] = children.trim().split(" ");
  return child === "" ? undefined : Number(child);
}

async function cgroupRoot(): Promise<string> {
  for (const path of cgroups) {
    try {
      await runCommand(["test", "-e", `${path}/cgroup.procs`]);
      return path;
    } catch {
      // The next may be there.
    }
  }
  throw new Error("there is no cgroup2");
}

/** Kills a group of processes, and removes it once all have ended. */
async function removeGroup(group: string): Promise<void> {
  const empty = "find $1 -depth -type d -exec rmdir {} + 2> /dev/null";
  const script = `echo 1 > $1/cgroup.kill; until ${empty}; do sleep 0.05; done`;
  await runCommand(["timeout", "20", "sh", "-c", script, "sh", group]);
}
