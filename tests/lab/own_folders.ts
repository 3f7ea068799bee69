import { fileURLToPath } from "node:url";

/**
 * The environment of a process in which it meets no node that really runs on this machine, and keeps
 * nothing for one: where a test names no folders, they are a file, which holds no sockets and no
 * notes. A node with a runtime directory of its own keeps its state there too.
 *
 * @param env the other variables
 */
export function withOwnFolders(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { RUNTIME_DIRECTORY = fileURLToPath(import.meta.url) } = env;
  return { RUNTIME_DIRECTORY, STATE_DIRECTORY: RUNTIME_DIRECTORY, ...env };
}
