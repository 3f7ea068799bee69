import { shellWord } from "../quoted.ts";
import { type Answer, ok, unknown, wrong } from "./answer.ts";
import type { AskTool } from "./tool.ts";

/** A user of this machine, and its groups. */
export interface SystemUser {
  /** The name. */
  readonly name: string;
  /** The group that its service runs in; empty: its own. */
  readonly group: string;
}

/** The folders that a unit hides from its service, by the property that does. */
const hides: readonly [property: string, folders: RegExp][] = [
  ["ProtectHome", /^\/(home|root|run\/user)\//],
  ["PrivateTmp", /^\/(var\/)?tmp\//],
];

/**
 * The files that the unit hides from its service, whoever may read them.
 *
 * @param unit the unit's properties
 */
export function hiddenAnswers(
  files: readonly string[],
  unit: Readonly<Record<string, string>>,
): Answer[] {
  return files.flatMap((file) =>
    hides.filter(([property, folders]) => isOn(unit[property]) && folders.test(file))
      .map(([property]) => {
        const why = `the unit hides ${file} from the node (${property}=${unit[property]})`;
        const remedy = `mv ${shellWord(file)} /etc/`;
        return wrong(what, why, { remedy, topic: "configuration" });
      })
  );
}

function isOn(value = "no"): boolean {
  return !["no", "false", "0", "off", ""].includes(value);
}

/** The parts of a file's status that say who may read it. */
export type Modes = Pick<Deno.FileInfo, "uid" | "gid" | "mode">;

const what = "files";

/**
 * Can the service's user read these files? As root this is tried as that user; else it is judged by
 * owner, group and mode.
 *
 * @param uid the user who asks
 */
export async function readableAnswers(
  files: readonly string[],
  user: SystemUser,
  { ask, uid }: { readonly ask: AskTool; readonly uid: number | null },
): Promise<Answer[]> {
  const closed = uid === 0
    ? await triedAs(user, files, ask) ?? await judgedFor(user, files, ask)
    : await judgedFor(user, files, ask);
  if (closed === undefined) {
    const why = `whether ${user.name}, the node's user, can read its files`;
    return [unknown(what, why, { topic: "configuration" })];
  }
  if (closed.length === 0) {
    const all = files.length === 1 ? files[0] : `all ${files.length} files`;
    return [ok(what, `${user.name}, the node's user, can read ${all}`)];
  }
  return closed.map((file) => {
    const path = shellWord(file);
    const remedy = `chown ${user.name} ${path} && chmod 600 ${path} && namei -l ${path}`;
    const why = `${user.name}, the node's user, cannot read ${file}`;
    return wrong(what, why, { remedy, topic: "configuration" });
  });
}

const script = 'for file; do test -r "$file" || printf "%s\\n" "$file"; done';

/** The files that a user cannot read, tried as that user; undefined: it cannot be tried. */
async function triedAs(
  { name, group }: SystemUser,
  files: readonly string[],
  ask: AskTool,
): Promise<string[] | undefined> {
  const words = ["sh", "-c", script, "sh", ...files];
  const regid = group === "" ? await idOf(ask, "-g", name) : group;
  if (regid === undefined) return undefined;
  const commands: [string, ...string[]][] = [
    ["setpriv", "--reuid", name, "--regid", regid, "--init-groups", "--", ...words],
    ["runuser", "-u", name, ...group === "" ? [] : ["-g", group], "--", ...words],
  ];
  for (const [command, ...args] of commands) {
    const said = await ask(command, ...args);
    if (said.kind === "said" && said.success) return said.out.split("\n").filter(Boolean);
  }
  return undefined;
}

async function idOf(ask: AskTool, option: string, name: string): Promise<string | undefined> {
  const said = await ask("id", option, name);
  return said.kind === "said" && said.success ? said.out.trim() : undefined;
}

/** The files that a user cannot read, judged by their modes; undefined: they are not known. */
async function judgedFor(
  { name, group }: SystemUser,
  files: readonly string[],
  ask: AskTool,
): Promise<string[] | undefined> {
  const [uid, gids, gid] = await Promise.all([
    idOf(ask, "-u", name),
    idOf(ask, "-G", name),
    group === "" ? undefined : groupId(ask, group),
  ]);
  if (uid === undefined || gids === undefined) return undefined;
  const user = { uid: Number(uid), gids: [...gids.split(" "), ...gid ?? []].map(Number) };
  const closed: string[] = [];
  for (const file of files) {
    const modes = await modesOnTheWay(file);
    if (modes === undefined) return undefined;
    if (!mayRead(user, modes)) closed.push(file);
  }
  return closed;
}

async function groupId(ask: AskTool, name: string): Promise<string[]> {
  const said = await ask("getent", "group", name);
  return said.kind === "said" && said.success ? [said.out.split(":")[2] ?? ""] : [];
}

/** The modes of the folders on the way to a file, and its own last; undefined: they are not told. */
async function modesOnTheWay(file: string): Promise<Modes[] | undefined> {
  try {
    const parts = (await Deno.realPath(file)).split("/").slice(1);
    const paths = ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)];
    return await Promise.all(paths.map((path) => Deno.stat(path)));
  } catch {
    return undefined;
  }
}

/**
 * Whether a user may read a file by owner, group and mode.
 *
 * @param modes those of the folders on the way, and the file's own last
 */
export function mayRead(
  user: { readonly uid: number; readonly gids: readonly number[] },
  modes: readonly Modes[],
): boolean {
  if (user.uid === 0) return true;
  return modes.every(({ uid, gid, mode }, index) => {
    const bit = index === modes.length - 1 ? 0o4 : 0o1;
    const shift = uid === user.uid ? 6 : user.gids.includes(gid ?? -1) ? 3 : 0;
    return (((mode ?? 0) >> shift) & bit) !== 0;
  });
}
