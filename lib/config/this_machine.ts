import { errorMessage } from "../base/error_message.ts";
import { readFile } from "../base/read_file.ts";
import { utf8Text } from "../base/utf8_text.ts";
import type { Machine, PathKind } from "./sources.ts";

/** The machine that this program runs on. */
export const thisMachine: Machine = {
  hostname: () => Deno.hostname(),
  folder: () => Deno.cwd(),
  fullPath,
  kindAt,
  namesIn,
  cores: () => navigator.hardwareConcurrency,
  user: () => identity(Deno.uid(), "/etc/passwd"),
  group: () => identity(Deno.gid(), "/etc/group"),
  now: () => Date.now(),
};

// The most names of one folder that are looked at.
const maxNames = 10_000;

function fullPath(path: string): string {
  try {
    if (!Deno.lstatSync(path).isSymlink) return Deno.realPathSync(path);
  } catch {
    // In /dev, say, where nothing is looked at: the path has to do.
  }
  return path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
}

function kindAt(path: string): PathKind {
  try {
    const { isFile, isDirectory } = Deno.statSync(path);
    return isFile ? "file" : isDirectory ? "folder" : "other";
  } catch (error) {
    // Deno's own refusal.
    if (error instanceof Deno.errors.NotCapable) {
      throw new Error("nothing is looked at in /proc, /sys and /dev");
    }
    const { NotFound, NotADirectory, PermissionDenied } = Deno.errors;
    if ([NotFound, NotADirectory, PermissionDenied].some((kind) => error instanceof kind)) {
      return "nothing";
    }
    throw new Error(errorMessage(error));
  }
}

function namesIn(folder: string): string[] {
  const names: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(folder)) {
      if (names.push(name) === maxNames) break;
    }
  } catch {
    return [];
  }
  return names;
}

/** A user or group, by the list of them that the machine keeps; the name is its first field. */
function identity(id: number | null, list: string): { id: number; name: string | undefined } {
  const own = `${id ?? 0}`;
  try {
    const lines = utf8Text(readFile(list)).split("\n").map((line) => line.split(":"));
    return { id: id ?? 0, name: lines.find(([, , number]) => number === own)?.[0] };
  } catch {
    return { id: id ?? 0, name: undefined };
  }
}
