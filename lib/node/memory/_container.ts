import { outputOf } from "./_child.ts";

/** The means to find out whether this is a container. */
export interface ContainerSources {
  /** Reads an environment variable; undefined where it is not set. */
  readonly env: (name: string) => string | undefined;
  /** Whether there is such a file. */
  readonly exists: (path: string) => boolean;
  /** The namespace of process ids, as `readlink /proc/self/ns/pid` prints it; empty: not known. */
  readonly pidNamespace: () => Promise<string>;
}

// Files that managers of containers make, and variables that they set.
const files = ["/run/systemd/container", "/.dockerenv", "/run/.containerenv"];
const variables = ["container", "KUBERNETES_SERVICE_HOST"];

// The namespace of process ids that the kernel itself makes; the number is part of its interface.
const firstPidNamespace = "pid:[4026531836]";

/**
 * Whether this may be a container. The boot id and the time since boot are those of the machine
 * around it, and a container may come from another machine: they say nothing about its past.
 */
export async function mayBeContainer(sources: ContainerSources = system): Promise<boolean> {
  const { env, exists, pidNamespace } = sources;
  if (variables.some((name) => env(name) !== undefined) || files.some(exists)) return true;
  return await pidNamespace() !== firstPidNamespace;
}

const system: ContainerSources = {
  env: (name) => Deno.env.get(name),
  exists(path) {
    try {
      Deno.lstatSync(path);
      return true;
    } catch {
      return false;
    }
  },
  pidNamespace: () => outputOf("readlink", ["/proc/self/ns/pid"]),
};
