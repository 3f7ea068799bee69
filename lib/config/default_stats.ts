import type { Listen } from "../base/listen.ts";
import type { Config } from "./config.ts";

/** What the place of the default socket depends on. */
export interface Surroundings {
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The user's id; null where there is none. */
  readonly uid: number | null;
}

/**
 * Where a node tells its stats when its configuration does not say: a UNIX socket named for its
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

/** The folder of a node's sockets, where the configuration does not say; undefined: there is none. */
export function runtimeFolder({ env, uid }: Surroundings): string | undefined {
  const [runtime] = env("RUNTIME_DIRECTORY")?.split(":") ?? [];
  const xdg = env("XDG_RUNTIME_DIR");
  const folder = runtime || (uid === 0 ? "/run/failover" : xdg && `${xdg}/failover`);
  return folder || undefined;
}
