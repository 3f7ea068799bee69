import { runtimeFolder, type Surroundings } from "../../config/runtime_folder.ts";

/** The folders in which a node keeps what its next process must know (LEASE.md, rule 12). */
export interface Directories {
  /** The folder that a reboot may empty; undefined: none is known. */
  readonly runtime?: string;
  /** The folder that outlives a reboot; undefined: none is known. */
  readonly state?: string;
}

/**
 * The folders of a node: those that systemd names, else `/run/failover` and `/var/lib/failover` for
 * root, else folders `failover` where the user's own programs keep such things.
 */
export function directoriesOf(at: Surroundings): Directories {
  return { runtime: runtimeFolder(at), state: stateFolder(at) };
}

function stateFolder({ env, uid }: Surroundings): string | undefined {
  const [state] = env("STATE_DIRECTORY")?.split(":") ?? [];
  if (state) return state;
  if (uid === 0) return "/var/lib/failover";
  const home = env("HOME");
  const base = env("XDG_STATE_HOME") || (home && `${home}/.local/state`);
  return base ? `${base}/failover` : undefined;
}
