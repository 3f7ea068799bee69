import { dirname, join } from "node:path";

/** Writes a file below a folder; the folders above it are made. */
export async function put(
  root: string,
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  const file = join(root, path);
  await Deno.mkdir(dirname(file), { recursive: true });
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(file, bytes);
  await Deno.chmod(file, mode);
}

/** The paths of all files and folders below a folder, in one order on every machine. */
export interface Tree {
  /** The folders' paths, from that folder on. */
  readonly folders: readonly string[];
  /** The files' paths, from that folder on. */
  readonly files: readonly string[];
}

/** Lists all that is below a folder. */
export async function treeOf(root: string): Promise<Tree> {
  const folders: string[] = [];
  const files: string[] = [];
  const walk = async (below: string) => {
    for await (const { name, isDirectory } of Deno.readDir(join(root, below))) {
      (isDirectory ? folders : files).push(below + name);
      if (isDirectory) await walk(`${below}${name}/`);
    }
  };
  await walk("");
  return { folders: folders.sort(), files: files.sort() };
}

/**
 * Gives all folders the mode 755, whatever the umask was, and all files and folders one date.
 *
 * @param seconds the date, in seconds since 1970
 */
export async function settle(root: string, seconds: number): Promise<void> {
  const { folders, files } = await treeOf(root);
  for (const folder of ["", ...folders]) await Deno.chmod(join(root, folder), 0o755);
  for (const path of [...files, ...folders, ""]) {
    await Deno.utime(join(root, path), seconds, seconds);
  }
}
