import { runCommand } from "../../tests/lab/run_command.ts";

/** The program as a user has it, in a folder that is gone at the end. */
export class Executable implements AsyncDisposable {
  #made?: Promise<string>;
  #folder?: string;

  /**
   * The path of the executable; the first call compiles it, in the portable form, and has it
   * unpack.
   */
  path(): Promise<string> {
    return this.#made ??= this.#make();
  }

  /** The variables for the environment of everybody who runs it. */
  get env(): Record<string, string> {
    return { FAILOVER_CACHE_DIR: `${this.#folder}/cache` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#made?.catch(() => {});
    if (this.#folder !== undefined) await Deno.remove(this.#folder, { recursive: true });
  }

  async #make(): Promise<string> {
    this.#folder = await Deno.makeTempDir({ prefix: "failover-bench-" });
    const path = `${this.#folder}/failover`;
    const script = new URL("../compile.ts", import.meta.url).pathname;
    const compile = [Deno.execPath(), "run", "--quiet", "-P", script, "--portable"];
    await runCommand([...compile, "--output", path]);
    const env = Object.entries(this.env).map(([name, value]) => `${name}=${value}`);
    await runCommand(["env", ...env, path, "version"]);
    return path;
  }
}
