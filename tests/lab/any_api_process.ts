import type { Lan } from "./lan.ts";
import { TestProcess } from "./process.ts";

/** The token of the API. */
export const anyToken = "tOkEnOfTheApi";

/** The words of the API's process, each followed by a value. */
export const anyApiSays = {
  isAt: "the API is at ",
  asked: "asked for ",
  pointsTo: "it points to ",
};

/** The way in which an API deals with requests for a switch. */
export type ApiMood = "takes" | "refuses" | "hangs";

/** An API of one address on the switch of a network. */
export class AnyApiProcess implements AsyncDisposable {
  readonly #process: TestProcess;
  readonly #moodFile: string;
  /** The URL, without a path. */
  readonly url: string;

  private constructor(process: TestProcess, moodFile: string, url: string) {
    this.#process = process;
    this.#moodFile = moodFile;
    this.url = url;
  }

  static async start(lan: Lan): Promise<AnyApiProcess> {
    const moodFile = await Deno.makeTempFile();
    await Deno.writeTextFile(moodFile, "takes" satisfies ApiMood);
    const script = new URL("any_api_on_lan.ts", import.meta.url).pathname;
    const program = [Deno.execPath(), "run", "--quiet", "-P", script];
    const words = [...lan.on("switch"), ...program, lan.switchAddress, moodFile];
    const [command, ...args] = words;
    await using stack = new AsyncDisposableStack();
    const process = stack.use(new TestProcess({ name: "API", command, args }));
    const index = await process.line(new RegExp(`^${anyApiSays.isAt}`));
    stack.move();
    const url = process.lines[index - 1].slice(anyApiSays.isAt.length);
    return new AnyApiProcess(process, moodFile, url);
  }

  /** Says what becomes of the next requests for a switch. */
  async be(mood: ApiMood): Promise<void> {
    await Deno.writeTextFile(this.#moodFile, mood);
  }

  /** The servers that were asked for, in the order of time. */
  get asked(): string[] {
    return this.#said(anyApiSays.asked);
  }

  /** The servers that the address came to, in the order of time. */
  get places(): string[] {
    return this.#said(anyApiSays.pointsTo);
  }

  /** Waits until the address has come to a server, the last of its places. */
  async isAt(server: string): Promise<void> {
    if (this.places.at(-1) === server) return;
    const { lines } = this.#process;
    await this.#process.line(RegExp(`^${anyApiSays.pointsTo}${server}$`), lines.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await Deno.remove(this.#moodFile);
  }

  #said(words: string): string[] {
    return this.#process.lines.filter((line) => line.startsWith(words))
      .map((line) => line.slice(words.length));
  }
}
