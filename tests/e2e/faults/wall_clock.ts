import { runCommand } from "../../lab/run_command.ts";

/** The wall clock of one process, which can be stepped; its monotonic clock stays as it is. */
export class WallClock {
  readonly #file: string;
  /** What the process has to have in its environment. */
  readonly env: Readonly<Record<string, string>>;

  private constructor(file: string, library: string) {
    this.#file = file;
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: "1",
      DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** Makes one that is right, to be told by a file in this folder. */
  static async in(folder: string): Promise<WallClock> {
    const library = await libraryPath();
    const clock = new WallClock(`${folder}/wall-clock`, library);
    await clock.set("+0");
    return clock;
  }

  /** Sets it so far ahead of the right time: `+1h`, `-1h`, `+0`. */
  async set(offset: string): Promise<void> {
    // In one step, since the process reads the file at every look at the clock.
    await Deno.writeTextFile(`${this.#file}.new`, `${offset}\n`);
    await Deno.rename(`${this.#file}.new`, this.#file);
  }
}

/** Only the wrapper knows where its library is. */
async function libraryPath(triesLeft = 5): Promise<string> {
  try {
    return await runCommand(["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"]);
  } catch (error) {
    // The wrapper fails where a killed process of the same id has left its semaphore behind.
    if (triesLeft <= 1) throw error;
    return await libraryPath(triesLeft - 1);
  }
}
