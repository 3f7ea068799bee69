import type { Listen } from "../base/listen.ts";
import { namesOf } from "../base/option_row.ts";
import type { Place } from "../base/place.ts";
import type { Config } from "./config.ts";
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { type ActionKinds, hasKeys } from "./hook.ts";
import type { IniLine } from "./ini.ts";
import { type FileSection, usualSection } from "./_files.ts";
import { linesOf } from "./_inherited.ts";
import { type ExpandedLine, splitName } from "./_lines.ts";
import { originsOf } from "./origin.ts";
import { warningsOfPercent } from "./_percent_warnings.ts";
import { problemOf } from "./_problem.ts";
import type { ConfigSources } from "./sources.ts";
import { closestOption, nearOption } from "./_near_option.ts";
import { membershipOptions } from "./legion_options.ts";
import { findOption } from "./options.ts";
import { Reader } from "./_reader.ts";
import { refusal } from "./_refused.ts";
import { isTellable } from "./_tellable.ts";
import { warningsOf, warningsOfFiles } from "./_warnings.ts";

const own = namesOf(membershipOptions);

/** The means of reading options. */
export interface ReadMeans {
  /** The sources of all that the file refers to. */
  readonly sources: ConfigSources;
  /** The kinds of actions that hooks may have. */
  readonly kinds: ActionKinds;
}

/**
 * Reads the options of a section, and of all that it includes.
 *
 * @throws ConfigError with all that is wrong, in the order of the lines
 */
export function readOptions(
  from: FileSection,
  { sources, kinds }: ReadMeans,
): Config {
  const { file, section = usualSection } = from;
  const { lines, used, files, warnings, read, sections } = linesOf(from, {
    sources,
    isKeyval: (line) => isKeyval(line, kinds),
  });
  const ours = lines.filter(isOurs);
  const problems: ConfigProblem[] = [
    ...lines.filter(({ key }) => !isKey(key)).map(withoutEquals),
    ...ours.flatMap((line) => problemsOfKey(line, kinds)),
  ];
  const usable = ours.filter((line) => problemsOfKey(line, kinds).length === 0);
  const ofValues: string[] = [];
  const found = { problems, warnings: ofValues };
  const reader = new Reader(usable, legionsNamed(ours), found, { sources, kinds, sections });
  const legions = reader.legions();
  const node = reader.node();
  const stats = node.stats && fromDirectory(node.stats, legions[0]?.chdir);
  if (!ours.some(({ key }) => own.includes(key))) {
    const message = `no legion in section [${section}]: right would be a line like ` +
      "legion = failover 1.1.1.1:2000 100 bf-cbc:SECRET";
    problems.push({ file, message });
  }
  if (problems.length > 0) {
    const apart = sections.read.flatMap(({ lines }) => lines);
    throw new ConfigError(sorted(problems, [...lines, ...apart]));
  }
  const isUsed = (key: string) => [{ used }, ...sections.read].some(({ used }) => used.has(key));
  const passedOver = lines.filter((line) => !isOurs(line) && !isUsed(line.key));
  const ofSections = sections.read.flatMap(({ files }) => [...files]);
  return {
    file,
    section,
    files: read,
    legions,
    ...node,
    stats,
    origins: originsOf(ours),
    passedOver: [...new Set(passedOver.filter(isPlain).map(nameOf))],
    warnings: [
      ...warningsOfFiles(
        new Map([
          ...read.map((path) => [path, path] as const),
          ...files,
          ...ofSections,
          ...reader.secretFiles,
        ]),
        sources,
      ),
      ...warnings,
      ...warningsOfPercent([...ours, ...sections.read.flatMap(({ lines }) => lines)]),
      ...passedOver.flatMap(misspelled),
      ...ofValues,
      ...legions.flatMap((legion) => warningsOf(legion, kinds)),
    ],
  };
}

/** The problems in the order of their lines; those of no line first. */
function sorted(problems: readonly ConfigProblem[], lines: readonly IniLine[]): ConfigProblem[] {
  const place = ({ file, line }: Partial<Place>) => `${file}:${line}`;
  const order = new Map([...lines.entries()].reverse().map(([at, line]) => [place(line), at]));
  const at = (problem: ConfigProblem) => order.get(place(problem)) ?? -1;
  return problems.toSorted((a, b) => at(a) - at(b));
}

const keyForm = /^[^\s:]+$/;

function isKey(key: string): boolean {
  return keyForm.test(key);
}

/** The problem of a line without "="; all of the line but an option's name may be a secret. */
function withoutEquals(line: IniLine): ConfigProblem {
  const [first] = line.key.split(/[\s:]/, 1);
  const key = findOption(first) === undefined ? "" : first;
  return problemOf({ ...line, key }, 'there is no "=" behind the option');
}

/** The name of a line for the log. A line without "=" may be the second half of a broken secret. */
function nameOf({ key, written, line }: ExpandedLine): string {
  return isTellable(key) && written !== "" ? key : `line ${line}`;
}

/** The same place, a path seen from the directory that uWSGI would be in. */
function fromDirectory(listen: Listen, chdir?: string): Listen {
  if (!("path" in listen) || listen.path.startsWith("/") || chdir === undefined) return listen;
  return { path: `${chdir.replace(/\/$/, "")}/${listen.path}` };
}

/** Whether nothing is to be said of a line that is passed over. */
function isPlain(line: ExpandedLine): boolean {
  return misspelled(line).length === 0;
}

/** The warning for a line that is passed over, where its name is nearly that of an option. */
function misspelled(line: ExpandedLine): string[] {
  const { key, written } = line;
  const meant = written === "" ? undefined : nearOption(key);
  if (meant === undefined) return [];
  const { file, line: number, option } = problemOf(line, "");
  const what = option === undefined ? "" : `${option}: `;
  return [`${file}:${number}: ${what}no option has this name; did you mean ${meant}?`];
}

function isOurs({ key, value }: ExpandedLine): boolean {
  return isKey(key) &&
    (/^legion(-|$)/.test(key) || findOption(key) !== undefined ||
      refusal(key, value) !== undefined);
}

/** Whether the value of a line is a keyval list, behind a legion's name or an action's. */
function isKeyval({ key, value }: IniLine, kinds: ActionKinds): boolean {
  const row = findOption(key);
  if (row === undefined) return false;
  const [, rest = ""] = splitName(value);
  return row.keys !== undefined || (row.asksShell !== undefined && hasKeys(rest, kinds));
}

function problemsOfKey(line: ExpandedLine, kinds: ActionKinds): ConfigProblem[] {
  const { key, value, unknown } = line;
  const unresolved = [...line.unresolved, ...unknown === undefined ? [] : [unknown]];
  const row = findOption(key);
  if (row !== undefined) {
    // A reference left as it is would pass for the value: $(PASSWORD), say, would be the password.
    const [, rest = ""] = splitName(value);
    const shell = row.asksShell?.(rest, kinds);
    const reasons = shell ? unresolved.filter((reason) => !reason.startsWith("$")) : unresolved;
    return reasons.map((reason) => problemOf(line, reason));
  }
  const why = refusal(key, value);
  if (why !== undefined) return [problemOf(line, why)];
  return [problemOf(line, `there is no such option; did you mean ${closestOption(key)}?`)];
}

/** The names of all legions, also of those whose own line is wrong behind the name. */
function legionsNamed(lines: readonly ExpandedLine[]): Set<string> {
  const legions = lines.filter(({ key }) => own.includes(key));
  return new Set(legions.map(({ value }) => splitName(value)[0]));
}
