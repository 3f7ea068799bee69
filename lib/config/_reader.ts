import { isIpv6, parseAddress } from "./address.ts";
import { parseCheck } from "./check.ts";
import type { Check } from "../base/check.ts";
import { type Hook, hookEvents, type LegionConfig, type StatsAddress } from "./config.ts";
import type { ConfigProblem } from "./config_error.ts";
import { parseAction } from "./hook.ts";
import { Invalid } from "./_invalid.ts";
import { type LegionLine, parseLegion } from "./legion.ts";
import { type ConfigSources, type ExpandedLine, problemOf, splitName } from "./_lines.ts";
import { countNodes } from "./node_count.ts";
import { parseSeconds, parseWhole } from "./number.ts";
import {
  atLeastOne,
  authSecret,
  checkLease,
  distinct,
  failback,
  flapLimit,
  leaseUse,
  releaseTime,
  scroll,
  scrollSize,
} from "./_values.ts";

/** The options that hold for all legions, and what they are when the file does not say. */
const defaults = {
  freqMs: 3_000,
  toleranceMs: 15_000,
  skewToleranceMs: 60_000,
  deathOnLordErrorMs: 0,
  hookTimeoutMs: 300_000,
};

/** The options that say so, in seconds. */
export const durations: Record<string, { name: keyof typeof defaults; zero?: boolean }> = {
  "legion-freq": { name: "freqMs" },
  "legion-tolerance": { name: "toleranceMs" },
  "legion-skew-tolerance": { name: "skewToleranceMs" },
  "legion-death-on-lord-error": { name: "deathOnLordErrorMs", zero: true },
  "legion-hook-timeout": { name: "hookTimeoutMs" },
};

/** The options that bind hooks, with their events. */
export const hookOptions = new Map(hookEvents.map((event) => [`legion-${event}`, event]));

/** uWSGI's own limit for a scroll, in bytes (PROTOCOL.md, "Options"). */
const usualScrollMaxSize = 4_096;

/** A value for the legion of that name. */
interface Named<T> {
  readonly name: string;
  readonly value: T;
}

/** Reads lines whose keys are known; what is wrong with their values becomes a problem. */
export class Reader {
  readonly #lines: readonly ExpandedLine[];
  readonly #named: ReadonlySet<string>;
  readonly #problems: ConfigProblem[];
  readonly #sources: ConfigSources;

  /** @param named All legions' names, also of those whose own line is wrong. */
  constructor(
    lines: readonly ExpandedLine[],
    named: ReadonlySet<string>,
    problems: ConfigProblem[],
    sources: ConfigSources,
  ) {
    this.#sources = sources;
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
    const scrollMaxSize = this.#last("legion-scroll-max-size", scrollSize) ?? usualScrollMaxSize;
    this.#last("legion-scroll-list-max-size", parseWhole);
    const scrolls = this.#each(legions, "legion-scroll", (rest) => scroll(rest, scrollMaxSize));
    const hooks = this.#hooks(legions);
    const secrets = this.#each(legions, "legion-auth", authSecret);
    const leases = this.#each(legions, "legion-lease", leaseUse);
    const releases = this.#each(legions, "legion-release-time", (rest) => {
      return releaseTime(rest, durations.toleranceMs);
    });
    const maxima = this.#each(legions, "legion-max-members", atLeastOne);
    const failbacks = this.#each(legions, "legion-failback", failback);
    const flaps = this.#each(legions, "legion-flap", flapLimit);
    const checks = this.#each(legions, "legion-check", (rest, line): Check => ({
      file: line.file,
      line: line.line,
      ...parseCheck(rest, splitName(line.written)[1] ?? ""),
    }));
    return [...legions.values()].map(({ line, ...legion }) => {
      const all = <T>(values: Named<T>[]) =>
        values.filter(({ name }) => name === legion.name).map(({ value }) => value);
      const ownNodes = distinct([
        ...line.key === "legion-mcast" ? [legion.address] : [],
        ...all(nodes),
      ]);
      const config: LegionConfig = {
        file: line.file,
        line: line.line,
        ...legion,
        ...durations,
        authSecret: all(secrets).at(-1),
        nodes: ownNodes,
        nodeCount: this.#read(line, () => {
          return countNodes({ ...legion, nodes: ownNodes }, () => this.#localHosts());
        }),
        quorum: all(quorums).at(-1) ?? 0,
        lease: all(leases).at(-1) ?? "auto",
        releaseMs: all(releases).at(-1) ?? 0,
        maxMembers: all(maxima).at(-1) ?? 1000,
        failback: all(failbacks).at(-1) ?? { kind: "immediate" },
        flap: all(flaps).at(-1) ?? { count: 3, withinMs: 600_000 },
        checks: named(all(checks)),
        scroll: all(scrolls).at(-1) ?? "",
        scrollMaxSize,
        hooks: all(hooks),
      };
      this.#read(line, () => checkLease(config));
      return config;
    });
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

  #localHosts(): readonly string[] {
    try {
      return this.#sources.localHosts();
    } catch (error) {
      throw new Invalid(
        "to listen on all addresses, this machine's own must be known: " +
          `${error instanceof Error ? error.message : error}; right would be one address, or ` +
          "RestrictAddressFamilies=AF_NETLINK in the systemd unit",
      );
    }
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
        action: parseAction(rest, splitName(line.written)[1] ?? ""),
      }))
    );
    return named.sort((a, b) => a.value.line - b.value.line);
  }

  /** Reads all `KEY = NAME REST`, whose NAME is a legion's, be its own line right or wrong. */
  #each<T>(
    legions: ReadonlyMap<string, LegionLine>,
    key: string,
    read: (rest: string, line: ExpandedLine, legion: LegionLine | undefined) => T,
  ): Named<T>[] {
    return this.#of(key).flatMap((line) => {
      const [name, rest] = splitName(line.value);
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

/** Every check under a name of its own. */
function named(checks: readonly Check[]): Check[] {
  const taken = new Set<string>();
  return checks.map((check) => {
    let { name } = check;
    for (let number = 2; taken.has(name); number++) name = `${check.name}-${number}`;
    taken.add(name);
    return { ...check, name };
  });
}
