/** The surroundings of a process that say where its files and sockets are. */
export interface Surroundings {
  /** Reads an environment variable; undefined where it is not set. */
  readonly env: (name: string) => string | undefined;
  /** The user's id; null where there is none. */
  readonly uid: number | null;
}

/** The runtime folder of the unit that `failover systemd` prints, and of root. */
export const usualRuntimeFolder = "/run/failover";

/**
 * The folder for a node's sockets, and for its notes: systemd's RUNTIME_DIRECTORY, for root
 * `/run/failover`, else a folder `failover` under XDG_RUNTIME_DIR. Undefined where there is none of
 * these.
 */
export function runtimeFolder(at: Surroundings): string | undefined {
  return namedRuntimeFolder(at) ??
    (at.uid === 0 ? usualRuntimeFolder : userRuntimeFolder(at));
}

/** The folder that RUNTIME_DIRECTORY names, the first where it names several. */
export function namedRuntimeFolder({ env }: Surroundings): string | undefined {
  return env("RUNTIME_DIRECTORY")?.split(":")[0] || undefined;
}

/** The folder of the nodes that a user runs without systemd's RUNTIME_DIRECTORY. */
export function userRuntimeFolder({ env }: Surroundings): string | undefined {
  const folder = env("XDG_RUNTIME_DIR");
  return folder ? `${folder}/failover` : undefined;
}

/** The words behind "set" where there is no folder for a node's sockets. */
export const runtimeFolderHint = "RUNTIME_DIRECTORY, or XDG_RUNTIME_DIR, to a folder of its user";
