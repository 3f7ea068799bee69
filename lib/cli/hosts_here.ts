import { systemSources } from "../config/load.ts";

/** The addresses of this machine; undefined where the system does not tell them. */
export function hostsHere(): readonly string[] | undefined {
  try {
    return systemSources.localHosts();
  } catch {
    return undefined;
  }
}
