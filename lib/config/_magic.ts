// `%` and a letter in a configuration (PROTOCOL.md, "More of the dialect").
import { Invalid } from "../base/invalid.ts";
import type { Machine } from "./sources.ts";

/** A file of a configuration, as `%` and a letter tell of it. */
export interface MagicFile {
  /** The path as given. */
  readonly given: string;
  /** The full path. */
  readonly path: string;
  /** The section asked for; empty where none was named. */
  readonly section: string;
}

/** Whether something stands for a `%` and the letter behind it; others vanish. */
export function isMagic(letter: string): boolean {
  return /^[0-9[CDEGIJNOPSTUVXbcdeghijknopstuvx]$/.test(letter);
}

/** The hint where a `%` was hardly meant to stand for something else. */
export const percentHint = 'a "%" itself is written "%%"';

/** Whether one of the letters behind a `%` has vanished, or is a digit, which nobody means. */
export function isOdd(letters = ""): boolean {
  return [...letters].some((letter) => !isMagic(letter) || /\d/.test(letter));
}

/** Letters that stand for something in uWSGI that only uWSGI knows. */
const unknownHere: Readonly<Record<string, string>> = {
  V: "uWSGI's version",
  b: "the path of uWSGI's executable",
  i: "the file's inode",
  I: "the file's inode",
  j: "a hash of the file's path",
  J: "a hash of the file's path",
};

/** A line with its `%` and letters replaced. */
export interface MagicText {
  /** The text. */
  readonly text: string;
  /** The letters that were replaced or have vanished, each once; `%%` and `%(` are none of them. */
  readonly letters: string;
  /** The reason why the text cannot be told; undefined: it can. */
  readonly unknown?: string;
  /** Whether a `%` at the end of the line takes the next line to it. */
  readonly joins: boolean;
}

// The most characters that letters may bring into a line.
const maxLength = 1024 * 1024;

/**
 * Replaces `%` and the letter behind it in a line, all of it: also before the `=`.
 *
 * @throws Invalid when that brings in too much
 */
export function replaceMagic(
  line: string,
  valueOf: (letter: string) => string | undefined,
): MagicText {
  const letters = new Set<string>();
  let unknown: string | undefined;
  let joins = false;
  let length = 0;
  const text = line.replace(/%(.?)/gsu, (whole, letter: string) => {
    if (letter === "") {
      joins = true;
      return whole;
    }
    if (letter === "%") return "%";
    if (letter === "(") return "%(";
    letters.add(letter);
    if (!isMagic(letter)) return "";
    const value = valueOf(letter);
    if (value === undefined) {
      unknown = `%${letter}: ${unknownHere[letter] ?? "it"} is not known here`;
    }
    length += value?.length ?? 0;
    if (length > maxLength) throw new Invalid("the letters behind a % bring in more than 1 MiB");
    return value ?? "";
  });
  return { text, letters: [...letters].join(""), unknown, joins };
}

/**
 * The values of the letters in a file.
 *
 * @param first the file that the configuration begins with
 * @returns the value of a letter; undefined where it is not known here
 */
export function magicValues(
  file: MagicFile,
  { first, machine }: { readonly first: MagicFile; readonly machine: Machine },
): (letter: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (letter) => {
    if (!known.has(letter)) known.set(letter, valueOf(letter, { file, first, machine }));
    return known.get(letter);
  };
}

function valueOf(
  letter: string,
  { file, first, machine }: { file: MagicFile; first: MagicFile; machine: Machine },
): string | undefined {
  if (letter in unknownHere) return undefined;
  if (/\d/.test(letter)) return foldersOf(file)[Number(letter)] ?? "";
  if (/[cdenopsx]/.test(letter)) return ofFile(letter, file);
  if (/[CDENOPSX]/.test(letter)) return ofFile(letter.toLowerCase(), first);
  switch (letter) {
    case "[":
      return "\u001b";
    case "h":
      return machine.hostname();
    case "k":
      return `${machine.cores()}`;
    case "u":
      return `${machine.user().id}`;
    case "U":
      return machine.user().name;
    case "g":
      return `${machine.group().id}`;
    case "G":
      return machine.group().name;
    case "t":
      return `${Math.floor(machine.now() / 1000)}`;
    case "T":
      return `${machine.now() * 1000}`;
    case "v":
      return machine.folder();
    default:
      return "";
  }
}

function ofFile(letter: string, { given, path, section }: MagicFile): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  switch (letter) {
    case "c":
      return foldersOf({ path }).at(-1) ?? "";
    case "d":
      return path.slice(0, path.lastIndexOf("/") + 1);
    case "e":
      return dot < 0 ? "" : name.slice(dot + 1);
    case "n":
      return dot < 0 ? name : name.slice(0, dot);
    case "o":
      return given;
    case "p":
      return path;
    case "s":
      return name;
    default:
      return section;
  }
}

function foldersOf({ path }: { path: string }): string[] {
  return path.split("/").slice(1, -1);
}
