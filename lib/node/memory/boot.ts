import { readFile } from "../../base/read_file.ts";
import { outputOf } from "./_child.ts";
import { mayBeContainer } from "./_container.ts";

/** The machine, and the boot that it runs in. */
export interface Boot {
  /** The id of the boot: new at each; undefined: not known. */
  readonly id?: string;
  /** The id of the machine's installation (`/etc/machine-id`); undefined: not known. */
  readonly machine?: string;
  /** The time since the boot in whole seconds, rounded up; counts on while the machine sleeps. */
  uptimeSeconds(): number;
  /**
   * Whether this may be a container, where the id and the time since boot are those of the machine
   * around it. Takes up to two seconds.
   */
  mayBeContainer(): Promise<boolean>;
}

const bootIdFile = "/proc/sys/kernel/random/boot_id";

/**
 * Reads the ids of this machine and of its boot. Never rejects.
 *
 * @param known the id of the boot, where it has been read already; else a child reads it, which takes
 * a start some 30 ms
 */
export async function readBoot(known = ""): Promise<Boot> {
  return {
    id: parseBootId(known) ?? parseBootId(await outputOf("cat", [bootIdFile])),
    machine: machineId(),
    uptimeSeconds: Deno.osUptime,
    mayBeContainer,
  };
}

function parseBootId(text: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : undefined;
}

function machineId(): string | undefined {
  try {
    const text = new TextDecoder().decode(readFile("/etc/machine-id")).trim();
    return /^[0-9a-f]{32}$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
