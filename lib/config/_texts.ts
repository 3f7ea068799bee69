import { errorMessage } from "../base/error_message.ts";
import { Invalid } from "../base/invalid.ts";
import { NotUtf8 } from "../base/utf8_text.ts";
import { type IniLine, parseIni } from "./ini.ts";
import { type MagicFile, magicValues, replaceMagic } from "./_magic.ts";
import { otherFormat } from "./_other_format.ts";
import { problemAt } from "./_problem.ts";
import type { ConfigSources } from "./sources.ts";

// Nobody writes more; a file that includes another in a loop, say, would.
const maxCharacters = 8 * 1024 * 1024;

/**
 * The texts of a configuration's files, each read once, and split into lines, in which `%` and a
 * letter are replaced as uWSGI does. All texts together are bounded.
 */
export class Texts {
  readonly #sources: ConfigSources;
  readonly #texts = new Map<string, string>();
  readonly #warnings: string[] = [];
  #first: MagicFile | undefined;
  #characters = 0;

  /** Takes the sources; nothing is read yet. */
  constructor(sources: ConfigSources) {
    this.#sources = sources;
  }

  /** The paths of the files that were read, each once. */
  get files(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** Warnings about the files as a whole, one sentence each. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /**
   * Reads the lines of all sections of a file.
   *
   * @param section the section that is wanted, which `%` and a letter may stand for; undefined: none
   * is named
   * @throws Invalid when the file cannot be read
   * @throws ConfigError when one of its lines cannot
   */
  linesOf(file: string, section: string | undefined): IniLine[] {
    const text = this.#text(file);
    const magic = {
      given: file,
      path: this.#sources.machine.fullPath(file),
      section: section ?? "",
    };
    this.#first ??= magic;
    return this.#parsed(text, magic);
  }

  /**
   * Counts characters that have come in.
   *
   * @throws Invalid when there are more than anybody writes
   */
  grow(characters: number): void {
    this.#characters += characters;
    if (this.#characters > maxCharacters) {
      throw new Invalid("all files together are larger than 8 MiB");
    }
  }

  #text(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = this.#readText(file);
    const other = otherFormat(text, file);
    if (other !== undefined) throw new Invalid(other);
    this.grow(text.length);
    this.#texts.set(file, text);
    return text;
  }

  #readText(file: string): string {
    try {
      return this.#sources.readFile(file);
    } catch (error) {
      if (!(error instanceof NotUtf8)) throw new Invalid(errorMessage(error));
      const text = error.asLatin1();
      const line = text.split("\n").findIndex((line) => /[^\0-\x7f]/.test(line)) + 1;
      this.#warnings.push(
        `${file}:${line}: the file is not UTF-8, and is read as Latin-1; uWSGI takes letters beyond ` +
          "ASCII as they are: iconv -f latin1 -t utf8",
      );
      return text;
    }
  }

  #parsed(text: string, file: MagicFile): IniLine[] {
    if (!text.includes("%") && !text.includes("\0")) return parseIni(text, file.given);
    const written = text.split("\n");
    const means = { first: this.#first ?? file, machine: this.#sources.machine };
    const values = magicValues(file, means);
    const replaced = written.map((line, index) => {
      const place = { file: file.given, line: index + 1, key: "" };
      if (line.includes("\0")) throw problemAt(place, "this is no text: there is a NUL in it");
      const whole = replaceMagic(line, values);
      this.grow(Math.max(0, whole.text.length - line.length));
      if (/[\r\n]/.test(whole.text.trimEnd())) {
        throw problemAt(place, "a line break comes in by a %");
      }
      const next = written[index + 1];
      if (whole.joins && next !== undefined && isSomething(next, line)) {
        const message =
          'uWSGI takes the next line to this one, for the "%" at its end: a "%" itself is ' +
          'written "%%"';
        throw problemAt(place, message);
      }
      return whole;
    });
    return parseIni(replaced.map(({ text }) => text).join("\n"), file.given).map((line) => {
      const { letters, unknown } = replaced[line.line - 1];
      const raw = written[line.line - 1];
      if (!raw.includes("%")) return line;
      const value = raw.slice(raw.indexOf("=") + 1).trim();
      return { ...line, letters, raw: value, ...unknown !== undefined && { unknown } };
    });
  }
}

/** Whether a line that would be taken to the one above it says something that would be lost. */
function isSomething(line: string, above: string): boolean {
  const text = line.trim();
  if (text === "") return false;
  const isComment = (text: string) => /^[;#]/.test(text.trim());
  return !(isComment(above) && isComment(text));
}
