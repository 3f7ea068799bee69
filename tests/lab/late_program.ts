import { runCommand } from "./run_command.ts";
import { soon } from "./soon.ts";

/** The programs that may be the first that a node starts for a command. */
const names = ["ip", "sh"];

/**
 * A command of a node that begins late: the node hangs as it starts the command, and the command does
 * nothing until it is let go.
 */
export class LateProgram implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Makes the programs; none is late yet.
   *
   * @param words words of the command, as a pattern of `case`: `address replace`
   */
  static async make(words: string): Promise<LateProgram> {
    const folder = await Deno.makeTempDir();
    const script = `#!/bin/sh
program=$(PATH=\${PATH#*:} command -v "\${0##*/}")
case "$*" in
*"${words}"*)
  # A program that has begun, and runs another for the command, is not late any more.
  if [ -z "$BEGUN" ] && rm ${folder}/armed 2>/dev/null; then
    kill -STOP $PPID
    echo >${folder}/begun
    read -r _ <${folder}/let-go
    "$program" "$@"
    status=$?
    echo >${folder}/ended
    exit $status
  fi
  export BEGUN=1 ;;
esac
exec "$program" "$@"
`;
    await runCommand([
      "mkfifo",
      ...["begun", "let-go", "ended"].map((name) => `${folder}/${name}`),
    ]);
    await Deno.mkdir(`${folder}/bin`);
    for (const name of names) {
      await Deno.writeTextFile(`${folder}/bin/${name}`, script, { mode: 0o755 });
    }
    return new LateProgram(folder);
  }

  /** The environment of the node. */
  get env(): Record<string, string> {
    return { PATH: `${this.#folder}/bin:${Deno.env.get("PATH")}` };
  }

  /** Waits until the next such command has begun, and its node hangs. */
  async begun(): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/armed`, "");
    await soon(Deno.readTextFile(`${this.#folder}/begun`));
  }

  /** Lets the command go, and waits until it has ended; its node hangs still. */
  async letGo(): Promise<void> {
    await soon(Deno.writeTextFile(`${this.#folder}/let-go`, "\n"));
    await soon(Deno.readTextFile(`${this.#folder}/ended`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}
