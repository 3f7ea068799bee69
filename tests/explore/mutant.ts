import { fileURLToPath, pathToFileURL } from "node:url";

/** A change of the code that breaks one of its rules, to see whether the explorer finds it. */
export interface Mutant {
  /** The name, a few letters with hyphens. */
  readonly name: string;
  /** The rule that is broken, by its number in LEASE.md. */
  readonly rule: number;
  /** The file in lib/legion that is changed. */
  readonly file: string;
  /** The text that is replaced; it must be there exactly once. */
  readonly text: string;
  /** The text that takes its place. */
  readonly by: string;
  /** The name of a schedule that shows it. */
  readonly found: string;
}

const lib = new URL("../../lib/", import.meta.url);
// The rooms that the legion consists of and imports from.
const rooms = ["legion", "base"];

/** A copy of the code with a mutant's change, in a directory for the time being. */
export class MutantCode implements AsyncDisposable {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Makes the copy.
   *
   * @throws Error when the text to replace is not there exactly once
   */
  static async make(mutant: Mutant): Promise<MutantCode> {
    const mutated = await mutatedText(mutant);
    const code = new MutantCode(await Deno.makeTempDir({ prefix: "failover-mutant-" }));
    for (const room of rooms) await code.#copy(room);
    await Deno.writeTextFile(code.#path("legion", mutant.file), mutated);
    return code;
  }

  /** The address of its `legion.ts`. */
  get url(): string {
    return pathToFileURL(this.#path("legion", "legion.ts")).href;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#directory, { recursive: true });
  }

  async #copy(room: string): Promise<void> {
    await Deno.mkdir(this.#path(room));
    for await (const { name } of Deno.readDir(new URL(`${room}/`, lib))) {
      if (!name.endsWith(".ts")) continue;
      await Deno.copyFile(new URL(`${room}/${name}`, lib), this.#path(room, name));
    }
  }

  #path(...parts: readonly string[]): string {
    return [this.#directory, ...parts].join("/");
  }
}

/**
 * The text of a mutant's file with its change.
 *
 * @throws Error when the text to replace is not there exactly once
 */
export async function mutatedText({ name, file, text, by }: Mutant): Promise<string> {
  const url = new URL(`legion/${file}`, lib);
  const parts = (await Deno.readTextFile(url)).split(text);
  if (parts.length === 2) return parts.join(by);
  const times = parts.length - 1;
  throw new Error(`mutant ${name}: its text is ${times} times in ${fileURLToPath(url)}, not once`);
}
