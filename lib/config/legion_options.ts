import { closestString } from "@std/text/closest-string";
import { isIpv6, normalHost, parseAddress } from "./address.ts";
import {
  type Address,
  type Config,
  type Hook,
  hookEvents,
  type LegionConfig,
  type StatsAddress,
} from "./config.ts";
import { ConfigError, type ConfigProblem } from "./config_error.ts";
import { isCommand, parseAction } from "./hook.ts";
import type { IniLine } from "./ini.ts";
import { Invalid } from "./_invalid.ts";
import { type LegionLine, parseLegion } from "./legion.ts";
import { type ConfigSources, type ExpandedLine, expandLines, problemOf } from "./_lines.ts";
import { parseSeconds, parseWhole } from "./number.ts";
import { warningsOf } from "./_warnings.ts";

/** The options that hold for all legions, and what they are when the file does not say. */
const defaults = {
  freqMs: 3_000,
  toleranceMs: 15_000,
  skewToleranceMs: 60_000,
  deathOnLordErrorMs: 0,
  hookTimeoutMs: 300_000,
};

const durations: Record<string, { name: keyof typeof defaults; zero?: boolean }> = {
  "legion-freq": { name: "freqMs" },
  "legion-tolerance": { name: "toleranceMs" },
  "legion-skew-tolerance": { name: "skewToleranceMs" },
  "legion-death-on-lord-error": { name: "deathOnLordErrorMs", zero: true },
  "legion-hook-timeout": { name: "hookTimeoutMs" },
};

const hookOptions = new Map(hookEvents.map((event) => [`legion-${event}`, event]));

const known = [
  "legion",
  "legion-mcast",
  "legion-node",
  "legion-quorum",
  "legion-scroll",
  "legion-scroll-max-size",
  "legion-scroll-list-max-size",
  ...Object.keys(durations),
  ...hookOptions.keys(),
];

/** uWSGI's own limit for a scroll, in bytes (legion-protocol, "Options"). */
const scrollMaxSize = 4_096;
/** A larger one would not fit into a datagram with the rest. */
const largestScroll = 32_768;

/**
 * Reads the options of one section.
 *
 * @throws ConfigError with all that is wrong, in the order of the lines
 */
export function readOptions(
  lines: readonly IniLine[],
  { file, section, sources }: { file: string; section: string; sources: ConfigSources },
): Config {
  const { lines: expanded, used } = expandLines(lines, sources);
  const ours = expanded.filter(({ key }) => isOurs(key));
  const problems: ConfigProblem[] = [
    ...lines.filter(({ key }) => !isKey(key)).map(withoutEquals),
    ...ours.flatMap(problemsOfKey),
  ];
  const usable = ours.filter((line) => problemsOfKey(line).length === 0);
  const reader = new Reader(usable, legionsNamed(ours), problems);
  const legions = reader.legions();
  const stats = reader.stats();
  if (!ours.some(({ key }) => key === "legion" || key === "legion-mcast")) {
    const message = `no legion in section [${section}]: right would be a line like ` +
      "legion = failover 1.1.1.1:2000 100 bf-cbc:SECRET";
    problems.push({ file, message });
  }
  if (problems.length > 0) {
    throw new ConfigError(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)));
  }
  const passedOver = expanded.filter(({ key }) => !isOurs(key) && !used.has(key));
  return {
    file,
    section,
    legions,
    stats,
    statsHttp: reader.statsHttp(),
    passedOver: [...new Set(passedOver.map(({ key }) => key))],
    warnings: legions.flatMap(warningsOf),
  };
}

const keyForm = /^[^\s:]+$/;

function isKey(key: string): boolean {
  return keyForm.test(key);
}

/** Whatever else stands in such a line may be a secret. */
function withoutEquals({ file, line, key }: IniLine): ConfigProblem {
  const [option] = /^[\w-]*/.exec(key)!;
  return { file, line, option, message: 'there is no "=" behind the option' };
}

function isOurs(key: string): boolean {
  return isKey(key) && (/^legion(-|$)/.test(key) || isStats(key) || isRefused(key));
}

/** uWSGI has both names. */
function isStats(key: string): boolean {
  return ["stats", "stats-server", "stats-http"].includes(key);
}

/** What runs on the lord alone in uWSGI, in all its spellings. */
function isRefused(key: string): boolean {
  return /^(unique-)?cron-legion$|^unique-legion-cron$|^legion-.*(cron|attach-daemon)/.test(key);
}

function problemsOfKey(line: ExpandedLine): ConfigProblem[] {
  const { key, value, unresolved } = line;
  if (isStats(key) || known.includes(key)) {
    // A reference that stays would be taken for the value: a password, say, sent as $(PASSWORD).
    const shell = hookOptions.has(key) && isCommand(split(value)[1] ?? "");
    const reasons = shell ? unresolved.filter((reason) => !reason.startsWith("$")) : unresolved;
    return reasons.map((reason) => problemOf(line, reason));
  }
  if (isRefused(key)) {
    const instead = "use legion-lord and legion-unlord hooks, with systemctl for a daemon or timer";
    return [problemOf(line, `this option of uWSGI's is not to be had here: ${instead}`)];
  }
  return [problemOf(line, `there is no such option; did you mean ${closestString(key, known)}?`)];
}

/** `NAME REST` */
function split(value: string): [name: string, rest: string | undefined] {
  const match = /^(\S+)(?:\s+(.*))?$/s.exec(value);
  return [match?.[1] ?? "", match?.[2]];
}

/** The names of all legions, as far as they can be told. */
function legionsNamed(lines: readonly ExpandedLine[]): Set<string> {
  const legions = lines.filter(({ key }) => key === "legion" || key === "legion-mcast");
  return new Set(legions.map(({ value }) => split(value)[0]));
}

/** Reads lines whose keys are known; what is wrong with their values becomes a problem. */
class Reader {
  readonly #lines: readonly ExpandedLine[];
  readonly #named: ReadonlySet<string>;
  readonly #problems: ConfigProblem[];

  /** @param named All legions' names, also of those whose own line is wrong. */
  constructor(
    lines: readonly ExpandedLine[],
    named: ReadonlySet<string>,
    problems: ConfigProblem[],
  ) {
    this.#lines = lines;
    this.#named = named;
    this.#problems = problems;
  }

  legions(): LegionConfig[] {
    const legions = new Map<string, LegionLine & { line: ExpandedLine }>();
    for (const line of this.#of("legion", "legion-mcast")) {
      this.#read(line, () => {
        const legion = parseLegion(line.value);
        const earlier = legions.get(legion.name);
        if (earlier) {
          throw new Invalid(`the legion ${legion.name} is defined in line ${earlier.line.line}`);
        }
        legions.set(legion.name, { ...legion, line });
      });
    }
    const durations = this.#durations();
    const nodes = this.#each(legions, "legion-node", (rest, _line, legion) => {
      const node = parseAddress(rest);
      if (legion !== undefined && isIpv6(node) !== isIpv6(legion.address)) {
        throw new Invalid("a node and the legion's own address must both be IPv4 or both IPv6");
      }
      return node;
    });
    const quorums = this.#each(legions, "legion-quorum", parseWhole);
    const maxSize = this.#last("legion-scroll-max-size", scrollSize) ?? scrollMaxSize;
    this.#last("legion-scroll-list-max-size", parseWhole);
    const scrolls = this.#each(legions, "legion-scroll", (rest) => scroll(rest, maxSize));
    const hooks = this.#hooks(legions);
    return [...legions.values()].map(({ line: { file, line, key }, ...legion }) => ({
      file,
      line,
      ...legion,
      ...durations,
      nodes: distinct([
        ...key === "legion-mcast" ? [legion.address] : [],
        ...nodes.filter(({ name }) => name === legion.name).map(({ value }) => value),
      ]),
      quorum: quorums.findLast(({ name }) => name === legion.name)?.value ?? 0,
      scroll: scrolls.findLast(({ name }) => name === legion.name)?.value ?? "",
      hooks: hooks.filter(({ name }) => name === legion.name).map(({ value }) => value),
    }));
  }

  stats(): StatsAddress | undefined {
    return this.#last(["stats", "stats-server"], (value) => {
      if (value.includes("/")) return { path: value };
      if (!value.includes(":")) {
        throw new Invalid('right would be an address (127.0.0.1:1717) or a path (with a "/")');
      }
      const address = parseAddress(value);
      // Stats are for this machine unless the file says otherwise.
      return { address: value.startsWith(":") ? { ...address, host: "127.0.0.1" } : address };
    });
  }

  statsHttp(): boolean {
    return this.#last("stats-http", (value) => !/^(0|false|no|off)$/.test(value)) ?? false;
  }

  #durations(): typeof defaults {
    const found = Object.entries(durations).map(([key, { name, zero }]) => [
      name,
      this.#last(key, (value) => parseSeconds(value, { zero })) ?? defaults[name],
    ]);
    return Object.fromEntries(found);
  }

  #hooks(legions: ReadonlyMap<string, LegionLine>) {
    const named = [...hookOptions].flatMap(([key, event]) =>
      this.#each(legions, key, (rest, line): Hook => ({
        file: line.file,
        line: line.line,
        event,
        action: parseAction(rest, split(line.written)[1] ?? ""),
      }))
    );
    return named.sort((a, b) => a.value.line - b.value.line);
  }

  /** Reads all `KEY = NAME REST`, whose NAME is a legion's, be its own line right or wrong. */
  #each<T>(
    legions: ReadonlyMap<string, LegionLine>,
    key: string,
    read: (rest: string, line: ExpandedLine, legion: LegionLine | undefined) => T,
  ): { name: string; value: T }[] {
    return this.#of(key).flatMap((line) => {
      const [name, rest] = split(line.value);
      const value = this.#read(line, () => {
        if (rest === undefined) throw new Invalid(`right would be ${key} = LEGION …`);
        if (!this.#named.has(name)) {
          const there = [...legions.keys()].join(", ") || "none";
          throw new Invalid(`there is no such legion; there are: ${there}`);
        }
        return read(rest, line, legions.get(name));
      });
      return value === undefined ? [] : [{ name, value }];
    });
  }

  /** Reads an option of which the last counts; all are looked at. */
  #last<T>(keys: string | string[], read: (value: string) => T): T | undefined {
    return this.#of(...[keys].flat()).map((line) => this.#read(line, () => read(line.value))).at(
      -1,
    );
  }

  #of(...keys: string[]): ExpandedLine[] {
    return this.#lines.filter(({ key }) => keys.includes(key));
  }

  #read<T>(line: ExpandedLine, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      this.#problems.push(problemOf(line, error.message));
      return undefined;
    }
  }
}

function scrollSize(text: string): number {
  const size = parseWhole(text);
  if (size > largestScroll) throw new Invalid(`a scroll of at most ${largestScroll} bytes fits`);
  return size;
}

function scroll(text: string, maxSize: number): string {
  const size = new TextEncoder().encode(text).length;
  if (size > maxSize) {
    throw new Invalid(`the scroll is ${size} bytes long, legion-scroll-max-size is ${maxSize}`);
  }
  return text;
}

function distinct(nodes: readonly Address[]): Address[] {
  const different = new Map(nodes.map((node) => [`${normalHost(node)} ${node.port}`, node]));
  return [...different.values()];
}
