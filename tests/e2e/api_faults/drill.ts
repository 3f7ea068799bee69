import { delay } from "@std/async/delay";
import { errorMessage } from "../../../lib/base/error_message.ts";
import type { Lan } from "../../lab/lan.ts";
import { mendLinks } from "../faults/firewall.ts";
import type { Scenario } from "./scenarios.ts";
import { setStage, type Stage } from "./stage.ts";

/** The outcome of a drill. */
export interface Outcome {
  readonly name: string;
  /** The lord in the end; `nobody`: there is none. */
  readonly lord: string;
  /** Where the addresses are in the end: `server-2: 4.4.4.4`. */
  readonly has: string;
  /** How many seconds after its death the lord was replaced; null: it was not. */
  readonly lordAfter: number | null;
  /** How many seconds after the lord's death all was right; null: it was not in time. */
  readonly rightAfter: number | null;
  /** The requests of all nodes from the lord's death on. */
  readonly posts: number;
  readonly gets: number;
  /** The findings that are not as they have to be; empty: all is well. */
  readonly wrong: readonly string[];
  readonly logs: readonly string[];
}

/** The longest wait for the first lord, in seconds. */
const beginning = 60;
/** How long nothing more may change in the end, in seconds. */
const lasting = 3;

/** Holds one drill, with nodes of its own. */
export async function drill(
  scenario: Scenario,
  { lan, signal }: { readonly lan: Lan; readonly signal: AbortSignal },
): Promise<Outcome> {
  const { addresses = ["4.4.4.4"], cancelled = [], before, env } = scenario;
  await before?.({ lan });
  try {
    await using stage = await setStage({
      lan,
      addresses,
      cancelled,
      env: env?.({ lan }) ?? {},
      signal,
    });
    try {
      const wanted = addresses.filter((ip) => !cancelled.includes(ip));
      return await held(scenario, stage, { addresses: wanted, signal });
    } catch (error) {
      throw new Error(`${errorMessage(error)}\n${stage.logs.join("\n")}`, { cause: error });
    }
  } finally {
    await mendLinks(lan);
  }
}

async function held(
  { name, begin, end, right, within, most }: Scenario,
  stage: Stage,
  { addresses, signal }: { readonly addresses: readonly string[]; readonly signal: AbortSignal },
): Promise<Outcome> {
  const isRight = (server: number) =>
    stage.lords.join() === `${server}` && addresses.every((ip) => stage.has(ip) === server);
  if (!await stage.until(() => isRight(0), beginning)) throw new Error("server-1 has not all");
  // The others have looked at their addresses, a second after their start.
  await delay(3_000, { signal });
  await begin?.(stage);
  const fromMs = Date.now();
  const since = () => (Date.now() - fromMs) / 1000;
  await stage.kill(0);
  const timer = new AbortController();
  const ended = end === undefined
    ? Promise.resolve()
    : delay(end.afterSeconds * 1000, { signal: AbortSignal.any([signal, timer.signal]) })
      .then(() => end.run(stage));
  let lordAfter: number | null = null;
  const isAllRight = () => {
    if (stage.lords.some((server) => server !== 0)) lordAfter ??= since();
    return isRight(right);
  };
  const inTime = await stage.until(isAllRight, within);
  const rightAfter = inTime ? since() : null;
  const requests = stage.api.requestsSince(fromMs);
  const count = (method: string) => requests.filter((request) => request.method === method).length;
  const found = { posts: count("POST"), gets: count("GET") };
  const stays = !inTime || !await stage.until(() => !isRight(right), lasting);
  timer.abort();
  await ended.catch(() => {});
  return {
    name,
    lord: stage.lords.map(nodeName).join(", ") || "nobody",
    has: hasText(stage, addresses),
    lordAfter,
    rightAfter,
    ...found,
    wrong: [
      ...inTime ? [] : [`not right within ${within} s`],
      ...stays ? [] : ["it did not stay so"],
      ...found.posts > most.posts ? [`more than ${most.posts} POSTs`] : [],
      ...found.gets > most.gets ? [`more than ${most.gets} GETs`] : [],
    ],
    logs: stage.logs,
  };
}

function hasText(stage: Stage, addresses: readonly string[]): string {
  const of = Map.groupBy(addresses, (ip) => stage.has(ip));
  return [...of].map(([server, ips]) =>
    `${server === undefined ? "nowhere" : nodeName(server)}: ${ips.join(" ")}`
  ).join("; ");
}

function nodeName(server: number): string {
  return `server-${server + 1}`;
}
