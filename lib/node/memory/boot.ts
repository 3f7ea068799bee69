import { readFile } from "../../base/read_file.ts";
import { within } from "../../base/within.ts";

/** The machine, and the boot that it runs in. */
export interface Boot {
  /** The id of the boot: new at each; undefined: not known. */
  readonly id?: string;
  /** The id of the machine's installation (`/etc/machine-id`); undefined: not known. */
  readonly machine?: string;
  /** The time since the boot in whole seconds, rounded up; counts on while the machine sleeps. */
  uptimeSeconds(): number;
}

const bootIdFile = "/proc/sys/kernel/random/boot_id";
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// How long a child may take to tell the boot id, in milliseconds.
const patienceMs = 2_000;

/** Reads the ids of the machine this runs on and of its boot, in some 5 ms. Never rejects. */
export async function readBoot(): Promise<Boot> {
  return { id: await bootId(), machine: machineId(), uptimeSeconds: Deno.osUptime };
}

/** The boot id. A child reads it, since the runtime refuses its own programs all of `/proc`. */
async function bootId(): Promise<string | undefined> {
  const child = spawnCat();
  if (child === undefined) return undefined;
  let text = "";
  const read = child.output().then(({ stdout }) => text = new TextDecoder().decode(stdout).trim());
  await within(read, patienceMs).catch(() => {});
  if (text === "") end(child);
  return uuid.test(text) ? text : undefined;
}

function spawnCat(): Deno.ChildProcess | undefined {
  const io = { stdin: "null", stdout: "piped", stderr: "null" } as const;
  try {
    return new Deno.Command("cat", { args: [bootIdFile], ...io }).spawn();
  } catch {
    return undefined;
  }
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // The child has ended by itself.
  }
}

function machineId(): string | undefined {
  try {
    const text = new TextDecoder().decode(readFile("/etc/machine-id")).trim();
    return /^[0-9a-f]{32}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
