import { equalData } from "../base/equal_data.ts";
import { errorMessage } from "../base/error_message.ts";
import { namesOf } from "../base/option_row.ts";
import { placeIn } from "../base/place.ts";
import type { Hook, LegionConfig } from "./config.ts";
import type { ConfigProblem } from "./config_error.ts";
import { type ActionKinds, parseAction } from "./hook.ts";
import { hookOptions } from "./hook_options.ts";
import { Invalid } from "../base/invalid.ts";
import { readSecret } from "../base/secret_file.ts";
import { InvalidLines } from "../base/section.ts";
import { leadingNumber } from "../base/number.ts";
import { type LegionLine, parseLegion } from "./legion.ts";
import { type ExpandedLine, splitName } from "./_lines.ts";
import { problemOf } from "./_problem.ts";
import type { ActionSections } from "./_sections.ts";
import type { ConfigSources } from "./sources.ts";
import { nodeOptions } from "./node_options.ts";
import {
  type Around,
  type FieldRows,
  type FieldsOf,
  type GlobalsOf,
  type OptionLine,
  type OptionRow,
  rowsOf,
} from "./option.ts";
import { legionOptions, membershipOptions } from "./legion_options.ts";
import { unusedOptions } from "./options.ts";
import { problemsOfUpheld } from "./_upheld.ts";
import { checkLease } from "./_values.ts";
import { votersOf } from "./voters.ts";

/** A legion's own line (`legion` or `legion-mcast`), read. */
interface OwnLine extends LegionLine {
  readonly line: ExpandedLine;
  /** Whether the address on the line is a node's too (`legion-mcast`). */
  readonly isNode: boolean;
}

/** A value for the legion of that name. */
interface Named<T> {
  readonly name: string;
  /** The place of its line among all. */
  readonly at: number;
  readonly value: T;
}

/** Reads lines whose keys are known; a wrong value becomes a problem, and the rest is read on. */
export class Reader {
  readonly #lines: readonly ExpandedLine[];
  readonly #named: ReadonlySet<string>;
  readonly #problems: ConfigProblem[];
  readonly #warnings: string[];
  readonly #sources: ConfigSources;
  readonly #kinds: ActionKinds;
  readonly #sections: ActionSections;
  readonly #secretFiles = new Map<string, string>();

  /**
   * Takes the lines; nothing is read yet.
   *
   * @param lines the lines, their references replaced
   * @param named the names of all legions, also of those whose own line is wrong
   * @param found the lists that problems and warnings are added to
   */
  constructor(
    lines: readonly ExpandedLine[],
    named: ReadonlySet<string>,
    found: { readonly problems: ConfigProblem[]; readonly warnings: string[] },
    { sources, kinds, sections }: {
      readonly sources: ConfigSources;
      readonly kinds: ActionKinds;
      readonly sections: ActionSections;
    },
  ) {
    this.#sources = sources;
    this.#kinds = kinds;
    this.#sections = sections;
    this.#lines = lines;
    this.#named = named;
    this.#problems = found.problems;
    this.#warnings = found.warnings;
  }

  /** Reads all legions, in the order of the file. */
  legions(): LegionConfig[] {
    const legions = this.#ownLines();
    this.#globals(unusedOptions);
    const general = this.#globals(legionOptions);
    const around = (legion?: OwnLine): Around => ({
      toleranceMs: general.toleranceMs,
      scrollMaxSize: general.scrollMaxSize,
      address: legion?.address,
      isNode: legion?.isNode,
    });
    const ofLegions = rowsOf(legionOptions).filter(([, { scope }]) => scope !== "global").map(
      ([field, row]) => {
        const values = this.#each(legions, row.name, (rest, line, legion) => {
          return row.read(this.#value(row, rest, line), around(legion), optionLine(line));
        });
        return { field, row, values };
      },
    );
    const hooks = this.#hooks(legions);
    const read = [...legions.values()].map((own) => {
      const { line, isNode: _, ...legion } = own;
      const fields = ofLegions.map(({ field, row, values }) => {
        return [field, row.fill(ofName(legion.name, values), around(own))];
      });
      const config = {
        file: line.file,
        line: line.line,
        ...legion,
        ...{ ...general, ...Object.fromEntries(fields) } as FieldsOf<typeof legionOptions>,
        hooks: ofName(legion.name, hooks),
      };
      const voters = this.#read(line, () => votersOf(config, () => this.#localHosts()));
      if (voters === undefined) return { ...config, voters: [] };
      const whole = { ...config, ...voters };
      this.#read(line, () => checkLease(whole));
      return whole;
    });
    this.#problems.push(...problemsOfUpheld(read, this.#kinds));
    return read;
  }

  /** Reads the fields that are the node's own. */
  node(): GlobalsOf<typeof nodeOptions> {
    return this.#globals(nodeOptions);
  }

  /** The paths of the files that hold a secret alone, each with a name for messages. */
  get secretFiles(): ReadonlyMap<string, string> {
    return this.#secretFiles;
  }

  /** @throws Invalid where there is no secret */
  #secretIn(path: string, { file, line, written }: ExpandedLine): string {
    try {
      const secret = readSecret(path, this.#sources);
      // A path that is made of references may hold anything.
      this.#secretFiles.set(
        path,
        written.includes(path) ? path : `${file}:${line}: the secret's file`,
      );
      return secret;
    } catch (error) {
      throw new Invalid(errorMessage(error));
    }
  }

  #ownLines(): Map<string, OwnLine> {
    const legions = new Map<string, OwnLine>();
    for (const line of this.#of(membershipOptions)) {
      this.#read(line, () => {
        const legion = parseLegion(line.value, (number) => this.#cut(number, line));
        const earlier = legions.get(legion.name);
        if (earlier) {
          const where = placeIn(line.file, earlier.line);
          throw new Invalid(`the legion ${legion.name} is defined in ${where}`);
        }
        legions.set(legion.name, { ...legion, line, isNode: line.key === "legion-mcast" });
      });
    }
    return legions;
  }

  /** Reads the fields of those rows that hold for all legions. */
  #globals<Rows extends FieldRows>(rows: Rows): GlobalsOf<Rows> {
    const around = { toleranceMs: Infinity, scrollMaxSize: Infinity };
    const fields = rowsOf(rows).filter(([, { scope }]) => scope === "global").map(
      ([field, row]) => {
        const values = this.#of([row]).map((line) => {
          const text = this.#value(row, line.value, line);
          return this.#read(line, () => row.read(text, around, optionLine(line)));
        });
        return [field, row.fill(values.filter((value) => value !== undefined), around)];
      },
    );
    return Object.fromEntries(fields);
  }

  #localHosts(): readonly string[] {
    try {
      return this.#sources.localHosts();
    } catch (error) {
      throw new Invalid(
        "to listen on all addresses, this machine's own must be known: " +
          `${errorMessage(error)}; right would be one address, legion-address, or ` +
          "RestrictAddressFamilies=AF_NETLINK in the systemd unit",
      );
    }
  }

  #hooks(legions: ReadonlyMap<string, OwnLine>): Named<Hook>[] {
    const named = hookOptions.flatMap(({ name, event }) =>
      this.#each(legions, name, (rest, line): Hook => {
        const { file, line: number, written } = optionLine(line);
        const means = {
          kinds: this.#kinds,
          secretIn: (path: string) => this.#secretIn(path, line),
          sections: {
            legion: splitName(line.value)[0],
            node: this.#sources.machine.hostname(),
            lines: (name: string) => this.#sections.lines(name, file),
          },
        };
        return { file, line: number, event, action: parseAction(rest, written, means) };
      })
    );
    return named.sort((a, b) => a.at - b.at);
  }

  /**
   * Reads all lines `KEY = NAME REST`. The NAME must be a legion's, whether or not the legion's own
   * line is right.
   */
  #each<T>(
    legions: ReadonlyMap<string, OwnLine>,
    key: string,
    read: (rest: string, line: ExpandedLine, legion: OwnLine | undefined) => T,
  ): Named<T>[] {
    return this.#of([{ name: key }]).flatMap((line) => {
      const [name, rest] = splitName(line.value);
      const value = this.#read(line, () => {
        if (rest === undefined) throw new Invalid(`right would be ${key} = LEGION …`);
        if (!this.#named.has(name)) {
          const there = [...legions.keys()].join(", ") || "none";
          throw new Invalid(`there is no such legion; there are: ${there}`);
        }
        return read(rest, line, legions.get(name));
      });
      return value === undefined ? [] : [{ name, at: this.#lines.indexOf(line), value }];
    });
  }

  /** The part of a value that counts. */
  #value({ leadingNumber }: OptionRow, text: string, line: ExpandedLine): string {
    return leadingNumber ? this.#cut(text, line) : text;
  }

  /** A number without what follows it, with a warning where something does. */
  #cut(text: string, { file, line, key }: ExpandedLine): string {
    const { number, rest } = leadingNumber(text);
    if (rest === "") return text;
    const words = `${number} is read, as uWSGI reads it, and what follows the number is left out`;
    this.#warnings.push(`${file}:${line}: ${key}: ${words}`);
    return number;
  }

  #of(rows: readonly Pick<OptionRow, "name" | "aliases">[]): ExpandedLine[] {
    const names = namesOf(rows);
    return this.#lines.filter(({ key }) => names.includes(key));
  }

  /** Takes note of mistakes in a section, once each, however many actions read it. */
  #tell({ problems }: InvalidLines): void {
    for (const { message, ...where } of problems) {
      const problem = problemOf(where, message);
      if (!this.#problems.some((known) => equalData(known, problem))) this.#problems.push(problem);
    }
  }

  #read<T>(line: ExpandedLine, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      if (error instanceof InvalidLines) this.#tell(error);
      else this.#problems.push(problemOf(line, error.message));
      return undefined;
    }
  }
}

function optionLine({ file, line, written }: ExpandedLine): OptionLine {
  return { file, line, written: splitName(written)[1] ?? "" };
}

function ofName<T>(legion: string, values: readonly Named<T>[]): T[] {
  return values.filter(({ name }) => name === legion).map(({ value }) => value);
}
