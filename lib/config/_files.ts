import { Invalid } from "../base/invalid.ts";
import type { Place } from "../base/place.ts";
import { conditionNamed } from "./_conditions.ts";
import { ConfigError } from "./config_error.ts";
import type { IniLine } from "./ini.ts";
import { loopNamed } from "./_loops.ts";
import { problemAt } from "./_problem.ts";
import type { ConfigSources } from "./sources.ts";
import { findOption } from "./options.ts";
import { Texts } from "./_texts.ts";
import { uwsgiNames } from "./uwsgi_names.ts";

/** A file and a section of it. */
export interface FileSection {
  /** The path of the file, as given. */
  readonly file: string;
  /** The section; undefined: none is named, and it is `uwsgi`. */
  readonly section?: string;
}

/** The section where none is named. */
export const usualSection = "uwsgi";

// Nobody writes more; a file that includes another in a loop, say, would.
const maxFiles = 100;
const maxDepth = 16;
const maxLines = 100_000;

/** The way by which the lines of a file came into a configuration. */
interface Via {
  /** The lines that brought the file in, the innermost first. */
  readonly places: readonly Place[];
  /** The files and sections that are being read, this one aside. */
  readonly open: readonly string[];
}

/** A block that is open: each line in it becomes none, one or several. */
interface Block {
  readonly line: IniLine;
  readonly repeat: (value: string) => Iterable<string>;
  readonly unknown?: string;
}

/**
 * Reads a configuration's file and all that it includes, in the order in which uWSGI reads them:
 * files where they are included, blocks line by line. Everything is bounded.
 */
export class ConfigFiles {
  readonly #sources: ConfigSources;
  readonly #texts: Texts;
  readonly #apart = new Map<string, readonly IniLine[]>();
  #last = "";
  #count = 0;
  #lines: IniLine[] = [];
  #block: Block | undefined;
  #isRunning = false;
  #unknown: string | undefined;

  /** Takes the sources; nothing is read yet. */
  constructor(sources: ConfigSources) {
    this.#sources = sources;
    this.#texts = new Texts(sources);
  }

  /** The paths of the files that were read, each once. */
  get files(): readonly string[] {
    return this.#texts.files;
  }

  /** The lines of all sections that actions may read, whose names are two words. */
  get apart(): readonly IniLine[] {
    return [...this.#apart.values()].flat();
  }

  /** Warnings about the files as a whole, one sentence each. */
  get warnings(): readonly string[] {
    return this.#texts.warnings;
  }

  /**
   * Reads the file that a configuration begins with.
   *
   * @returns its lines and those of the files that it includes, without comments and blocks
   * @throws ConfigError when one of them cannot be read or evaluated
   */
  read(from: FileSection): IniLine[] {
    try {
      return this.#linesOf(() => this.#read(from, { places: [], open: [] }));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      throw new ConfigError([{ file: from.file, message: error.message }]);
    }
  }

  /**
   * Reads a file that is inherited, which uWSGI does after everything else.
   *
   * @param line the line `inherit = FILE`
   * @param path its value, references replaced
   */
  inherit(line: IniLine, path: string): IniLine[] {
    const via = { places: viaOf(line), open: line.open ?? [] };
    return this.#linesOf(() => this.#include({ ...line, value: path }, via))
      .map((each) => ({ ...each, isInherited: true }));
  }

  #linesOf(read: () => void): IniLine[] {
    this.#lines = [];
    read();
    return this.#lines;
  }

  #read({ file, section }: FileSection, via: Via): void {
    const name = section ?? usualSection;
    const mark = `${file}\n${name}`;
    if (via.open.includes(mark)) throw new Invalid("the file includes itself");
    if (via.open.length >= maxDepth) throw new Invalid(`files include each other ${maxDepth} deep`);
    if (++this.#count > maxFiles) throw new Invalid(`more than ${maxFiles} files are included`);
    const lines = this.#texts.linesOf(file, section);
    this.#last = file;
    const ours = lines.filter((line) => line.section === name);
    this.#apart.set(file, lines.filter(({ section }) => /\S\s+\S/.test(section)));
    const isFirst = via.places.length === 0;
    if (ours.length === 0 && (isFirst || lines.length > 0)) refuseWithout(name, lines);
    const inner = { places: via.places, open: [...via.open, mark] };
    const before = this.#block;
    for (const line of ours) this.#take(isFirst ? line : { ...line, via: via.places }, inner);
    if (this.#block !== before && this.#block !== undefined) {
      const { line } = this.#block;
      throw problemAt(line, `its block has no end in this section: ${endOf(line.key)} is missing`);
    }
  }

  /** Takes one line, as uWSGI does: a block decides what becomes of it. */
  #take(line: IniLine, via: Via): void {
    if (this.#isRunning) return this.#emit(line, via);
    if (/^end([-]?(if|for))?$/.test(line.key)) {
      this.#block = undefined;
      return;
    }
    if (this.#block === undefined) return this.#emit(line, via);
    const { repeat, unknown } = this.#block;
    this.#isRunning = true;
    const before = this.#unknown;
    this.#unknown = unknown ?? before;
    for (const value of repeat(line.value)) this.#emit({ ...line, value }, via);
    this.#unknown = before;
    this.#isRunning = false;
  }

  #emit(line: IniLine, via: Via): void {
    this.#texts.grow(line.key.length + line.value.length);
    if (this.#lines.length >= maxLines) {
      throw problemAt(line, `there are more than ${maxLines} lines`);
    }
    const { key } = line;
    if (/^(if|for)(-|$)/.test(key) || conditionNamed(key) !== undefined) return this.#open(line);
    switch (key) {
      case "ini":
      case "include":
        return this.#include(line, via);
      case "resolve":
        return this.#resolve(line);
      case "set":
      case "set-ph":
      case "set-placeholder":
        return this.#set(line);
      default:
        if (refused.has(key)) throw problemAt(line, refused.get(key) ?? "");
        this.#push(key === "inherit" ? { ...line, open: via.open } : line);
    }
  }

  #push(line: IniLine): void {
    const unknown = line.unknown ?? this.#unknown;
    this.#lines.push(unknown === undefined ? line : { ...line, unknown });
  }

  #include(line: IniLine, via: Via): void {
    const { value } = line;
    try {
      if (line.unknown !== undefined) throw new Invalid(line.unknown);
      const scheme = /^[a-z]+:\/\//.exec(value);
      if (scheme !== null) throw new Invalid(`${scheme[0]}… is not read here: give a file`);
      const colon = value.lastIndexOf(":");
      const file = colon < 0 ? value : value.slice(0, colon) || this.#last;
      const section = colon < 0 ? undefined : value.slice(colon + 1) || undefined;
      if (file === "") throw new Invalid("right would be a file");
      this.#read({ file, section }, { ...via, places: viaOf(line) });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const isMade = /[%$@]\(/.test(value);
      const hint = isMade ? "; no reference is replaced in it, as with uWSGI" : "";
      throw problemAt(line, `${error.message}${hint}`);
    }
  }

  #set(line: IniLine): void {
    const equals = line.value.indexOf("=");
    const key = line.value.slice(0, equals);
    if (equals <= 0 || key !== key.trim()) {
      throw problemAt(
        line,
        `right would be ${line.key} = NAME=VALUE, without blanks before the "="`,
      );
    }
    const isOption = findOption(key) !== undefined || uwsgiNames.has(key);
    if (line.key !== "set" && isOption) {
      throw problemAt(line, "an option cannot be a placeholder: right would be set = NAME=VALUE");
    }
    const isLiteral = line.key !== "set";
    this.#push({ ...line, key, value: line.value.slice(equals + 1), isLiteral });
  }

  /** A placeholder of which uWSGI looks the value up as a host's name. */
  #resolve(line: IniLine): void {
    const [key] = line.value.split("=", 1);
    this.#push({ ...line, key, unknown: "resolve: no name is looked up here, write the address" });
  }

  #open(line: IniLine): void {
    if (this.#isRunning || this.#block !== undefined) {
      throw problemAt(line, "uWSGI reads no block in a block");
    }
    try {
      if (line.unknown !== undefined) throw new Invalid(line.unknown);
      const loop = loopNamed(line.key);
      this.#block = loop === undefined
        ? this.#condition(line)
        : { line, repeat: repeatFor(loop(line.value, this.#sources)) };
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      // uWSGI's own business may stand in such a block; what does not is refused.
      const unknown = `${line.key} in ${line.file}:${line.line}: ${error.message}`;
      this.#block = { line, repeat: (value) => [value], unknown };
    }
  }

  #condition(line: IniLine): Block {
    const { env, machine } = this.#sources;
    const option = (name: string) => {
      const found = this.#lines.find(({ key }) => key === name);
      if (found?.unknown !== undefined) throw new Invalid(found.unknown);
      return found?.value;
    };
    const condition = conditionNamed(line.key);
    if (condition === undefined) throw new Invalid("this is not evaluated here");
    const { holds, value } = condition(line.value, { env, machine, option });
    if (!holds) return { line, repeat: () => [] };
    return { line, repeat: value === undefined ? (text) => [text] : repeatFor([value]) };
  }
}

function repeatFor(values: readonly string[]): (text: string) => Iterable<string> {
  return function* (text) {
    for (const value of values) yield text.replaceAll("%(_)", () => value);
  };
}

function viaOf({ file, line, via = [] }: IniLine): readonly Place[] {
  return [{ file, line }, ...via];
}

function endOf(key: string): string {
  return key.startsWith("for") ? "endfor" : "endif";
}

/** @throws Invalid where lines are in other sections only, which uWSGI would not see */
function refuseWithout(section: string, lines: readonly IniLine[]): void {
  const there = [...new Set(lines.map(({ section }) => section))].filter((name) => name !== "");
  // A line that begins with "[" by mistake may hold a secret.
  const told = (name: string) => /^[\w.:-]+$/.test(name) ? `[${name}]` : "[…]";
  const sections = there.length === 0 ? "none" : there.map(told).join(", ");
  throw new Invalid(`no options in section [${section}]; sections with options: ${sections}`);
}

/** Options of uWSGI's that bring in text by ways that are not gone here. */
const refused: ReadonlyMap<string, string> = new Map([
  ["config", "only INI files are read: ini = FILE"],
  ["inject-before", "text is not injected here: include = FILE"],
  ["inject-after", "text is not injected here: include = FILE"],
]);
