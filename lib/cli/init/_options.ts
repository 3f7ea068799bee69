import type { Address } from "../../base/address.ts";
import { given } from "./_given.ts";
import { type InitPlan, nodeHere, parseMe, parseServers, valorOf } from "./_plan.ts";
import type { InitProvider } from "./_provider.ts";
import type { ParsedOptions } from "../options.ts";
import { UsageError } from "../usage_error.ts";

/** The surroundings that fill in for options that are not given. */
export interface InitSurroundings {
  /** Whether a missing value can be asked for at a terminal. */
  readonly canAsk: boolean;
  /** The addresses of this machine. */
  readonly localHosts: readonly string[];
  /** The path of the file for the legion's secret. */
  readonly secretFile: string;
  /** The provider of the failover address. */
  readonly provider: InitProvider;
  /** The path of the file for the password, or whatever the provider wants to see. */
  readonly keyFile: string;
}

/**
 * The plan that the options of `failover init` describe. Values that are not given are asked for at
 * the terminal.
 *
 * @throws UsageError when a value is wrong, or something is missing and nobody can be asked
 */
export function planOf(options: ParsedOptions, surroundings: InitSurroundings): InitPlan {
  const { secretFile, provider } = surroundings;
  expectNoForeign(options, provider);
  if (!surroundings.canAsk) expectAll(options, surroundings);
  const port = portOf(options);
  const servers = given(options, "addresses", serversQuestion, (text) => {
    return several(parseServers("--addresses", text, port));
  });
  const arbiters = parseServers("--arbiters", options.value("arbiters") ?? "", port);
  const nodes = allNodes(servers, arbiters);
  const here = options.value("me") === undefined
    ? nodeHere(nodes, surroundings.localHosts)
    : undefined;
  const me = here ?? given(options, "me", meQuestion(nodes), (text) => parseMe(text, nodes));
  const valor = valorOf(me, { servers, given: options.value("valor") });
  return {
    legion: legionName(options.value("name") ?? "failover"),
    servers,
    arbiters,
    me,
    nat: options.flag("nat"),
    valor,
    secretFile,
    provider,
    failover: valor === 0 ? undefined : provider.failover(options, { ...surroundings, me, nodes }),
    withUwsgi: options.flag("uwsgi"),
  };
}

const serversQuestion =
  `The own addresses of all servers that may have the failover address, with commas between them.
The first is preferred. Give the same list at each server.
Servers (such as 1.1.1.1,2.2.2.2,3.3.3.3)`;
function meQuestion(nodes: readonly Address[]): string {
  return `Which of them is this server? ${nodes.map(({ host }) => host).join(", ")}
This server`;
}

/** @throws UsageError when an option is given that is for another provider */
function expectNoForeign(options: ParsedOptions, { foreign, title }: InitProvider): void {
  const name = foreign.find((name) => options.value(name) !== undefined);
  if (name !== undefined) throw new UsageError(`--${name} is for another provider than ${title}`);
}

/** @throws UsageError that names all missing options */
function expectAll(options: ParsedOptions, { localHosts, provider }: InitSurroundings): void {
  const missing = ["addresses"].filter((name) => options.value(name) === undefined);
  if (missing.length === 0 && options.value("me") === undefined) {
    const port = portOf(options);
    const list = [options.value("addresses"), options.value("arbiters") ?? ""].join(",");
    if (nodeHere(parseServers("--addresses", list, port), localHosts) === undefined) {
      missing.push("me");
    }
  }
  if (!isArbiter(options, localHosts)) {
    missing.push(...provider.needed.filter((name) => options.value(name) === undefined));
  }
  if (missing.length === 0) return;
  const names = missing.map((name) => `--${name}`).join(", ");
  throw new UsageError(
    `there is no terminal to ask at: give ${names}, such as ` +
      ["--addresses 1.1.1.1,2.2.2.2,3.3.3.3 --me 1.1.1.1", ...provider.example].join(" "),
  );
}

function isArbiter(options: ParsedOptions, localHosts: readonly string[]): boolean {
  if (options.value("valor") !== undefined) return Number(options.value("valor")) === 0;
  const arbiters = parseServers("--arbiters", options.value("arbiters") ?? "", "2000");
  const me = options.value("me");
  return nodeHere(arbiters, me === undefined ? localHosts : [me]) !== undefined;
}

function several(servers: readonly Address[]): readonly Address[] {
  if (servers.length >= 2) return servers;
  throw new UsageError("--addresses: at least two servers, or there is nowhere to fail over to");
}

function allNodes(servers: readonly Address[], arbiters: readonly Address[]): readonly Address[] {
  const text = [...servers, ...arbiters].map(({ host }) => host).join(",");
  parseServers("--addresses with --arbiters", text, `${servers[0].port}`);
  return [...servers, ...arbiters];
}

function legionName(text: string): string {
  // A parenthesis may end or begin a reference; white space ends the name.
  if (/^[^\s()]+$/.test(text)) return text;
  throw new UsageError("--name takes a word without spaces and parentheses");
}

/** The port of all nodes. @throws UsageError when it is none */
function portOf(options: ParsedOptions): string {
  const port = options.value("port") ?? "2000";
  if (/^[0-9]{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return port;
  throw new UsageError(`--port takes one of 1 to 65535, not ${port}`);
}
