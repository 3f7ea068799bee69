import { readFile } from "./read_file.ts";

/** The name of a user of this machine; `user 1000` where `/etc/passwd` does not tell it. */
export function userName(uid: number): string {
  return nameIn("/etc/passwd", uid) ?? `user ${uid}`;
}

/** The name of a group of this machine; undefined where `/etc/group` does not tell it. */
export function groupName(gid: number): string | undefined {
  return nameIn("/etc/group", gid);
}

/** The first field of the line with this number in its third, in a file of fields between colons. */
function nameIn(path: string, id: number): string | undefined {
  let text: string;
  try {
    text = new TextDecoder().decode(readFile(path));
  } catch {
    return undefined;
  }
  const fields = text.split("\n").map((line) => line.split(":"));
  return fields.find(([, , number]) => number === `${id}`)?.[0] || undefined;
}
