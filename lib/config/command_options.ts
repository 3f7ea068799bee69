// Options of uWSGI's that make the surroundings in which the commands of hooks run.
import type { Variable } from "../base/shell.ts";
import { Invalid } from "../base/invalid.ts";
import { type FieldRow, global } from "./option.ts";

/** The options of the commands of hooks, by their fields of LegionConfig. */
export const commandOptions = {
  /** Changes to the environment of commands, in the order of the file. */
  env: {
    name: "env",
    aliases: ["unenv"],
    scope: "global",
    form: "NAME=VALUE, or NAME",
    help: "set a variable for the commands of hooks; without a value, or by `unenv`, unset it",
    example: "env = TZ=UTC",
    read: variable,
    fill: (all) => all,
    shown: {
      label: "env",
      text: (all) => all.map(({ name, value }) => value === undefined ? `without ${name}` : name),
    },
    reload: "in place",
  } satisfies FieldRow<Variable, readonly Variable[]> as
    & FieldRow<Variable, readonly Variable[]>
    & { readonly scope: "global" },
  /** The working directory of commands; undefined: the node's own. */
  chdir: global({
    name: "chdir",
    form: "DIRECTORY",
    help: "the working directory of the commands of hooks",
    example: "chdir = /var",
    read: some,
    shown: { label: "chdir", text: (path) => path ?? [] },
    reload: "in place",
  }),
  /** The umask of commands, in octal digits; undefined: the node's own. */
  umask: global({
    name: "umask",
    form: "three octal digits",
    help: "the umask of the commands of hooks",
    example: "umask = 027",
    read: umask,
    shown: { label: "umask", text: (digits) => digits ?? [] },
    reload: "in place",
  }),
  /** The user of commands, by name or number; undefined: the node's own. */
  uid: global({
    name: "uid",
    aliases: ["immediate-uid"],
    form: "USER",
    help: "the user that the commands of hooks run as, by name or number; only root can do so",
    example: "uid = nobody",
    read: account,
    shown: { label: "uid", text: (user) => user ?? [] },
    reload: "in place",
  }),
  /** The group of commands, by name or number; undefined: the node's own. */
  gid: global({
    name: "gid",
    aliases: ["immediate-gid"],
    form: "GROUP",
    help: "the group that the commands of hooks run as, likewise",
    example: "gid = nogroup",
    read: account,
    shown: { label: "gid", text: (group) => group ?? [] },
    reload: "in place",
  }),
};

function variable(text: string): Variable {
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Invalid("right would be NAME=VALUE");
  if (equals < 0) return { name };
  const value = text.slice(equals + 1);
  if (value.includes("\0")) throw new Invalid("the value holds a NUL, which no variable may");
  return { name, value };
}

function some(text: string): string {
  if (text === "" || text.includes("\0")) throw new Invalid("right would be a path");
  return text;
}

// uWSGI reads three digits, or four of which the first counts for nothing, and takes all else for
// some other umask without a word: 22 for 000.
function umask(text: string): string {
  const match = /^[0-7]?([0-7]{3})$/.exec(text);
  if (match === null) throw new Invalid("right would be three octal digits, as 022");
  return match[1];
}

function account(text: string): string {
  if (!/^[^-\s:][^\s:]*$/.test(text)) throw new Invalid("right would be a name or a number");
  return text;
}
