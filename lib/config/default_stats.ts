import type { Listen } from "../base/listen.ts";
import type { Config } from "./config.ts";

/** The surroundings that the place of the default socket depends on. */
export interface Surroundings {
  /** Reads an environment variable; undefined where it is not set. */
  readonly env: (name: string) => string | undefined;
  /** The user's id; null where there is none. */
  readonly uid: number | null;
}

/**
 * The place where a node tells its stats: the configured one, else a UNIX socket named for its
 * first legion, in systemd's RUNTIME_DIRECTORY, in `/run/failover` for root, else in a folder
 * `failover` under XDG_RUNTIME_DIR. Undefined where there is none of these.
 */
export function statsOf(config: Config, at: Surroundings): Listen | undefined {
  if (config.stats !== undefined) return config.stats;
  const folder = runtimeFolder(at);
  // A legion's name may hold anything but white space.
  return folder === undefined
    ? undefined
    : { path: `${folder}/${encodeURIComponent(config.legions[0].name)}.sock` };
}

/** The folder for the sockets of a node whose configuration names none; undefined: no folder. */
export function runtimeFolder({ env, uid }: Surroundings): string | undefined {
  const [runtime] = env("RUNTIME_DIRECTORY")?.split(":") ?? [];
  const xdg = env("XDG_RUNTIME_DIR");
  const folder = runtime || (uid === 0 ? "/run/failover" : xdg && `${xdg}/failover`);
  return folder || undefined;
}
