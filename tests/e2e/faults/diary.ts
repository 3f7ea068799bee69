import type { Reign } from "./lords_over_time.ts";

/** What a node's own hooks write down of its lordship: a witness besides its status. */
export class Diary {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The hook that writes down that the node is lord now, or no longer. */
  hook(event: "lord" | "unlord"): string {
    // The time is the machine's, also where the node's own wall clock is a false one.
    return `cmd:LD_PRELOAD= date +${event}:%%s%%3N >> ${this.#file}`;
  }

  /** Writes down that the node is lord no longer, in place of a process that ended without a hook. */
  async ended(): Promise<void> {
    await Deno.writeTextFile(this.#file, `unlord:${Date.now()}\n`, { append: true });
  }

  /** When the node was lord, by the wall clock. */
  async reigns(): Promise<Reign[]> {
    return reignsOf(await this.#text());
  }

  async #text(): Promise<string> {
    try {
      return await Deno.readTextFile(this.#file);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }
}

/** Reads `lord:MS` and `unlord:MS`, one a line; of one that is repeated the first counts. */
export function reignsOf(text: string): Reign[] {
  const reigns: Reign[] = [];
  let fromMs: number | undefined;
  for (const line of text.split("\n")) {
    const [event, ms] = line.split(":");
    if (event === "lord") fromMs ??= Number(ms);
    if (event !== "unlord" || fromMs === undefined) continue;
    reigns.push({ fromMs, toMs: Number(ms) });
    fromMs = undefined;
  }
  return fromMs === undefined ? reigns : [...reigns, { fromMs, toMs: Infinity }];
}
