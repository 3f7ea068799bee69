import { TextLineStream } from "@std/streams/text-line-stream";
import { selfCommand } from "../self.ts";

/** How to set up a node of the demo. */
export interface DemoNodeOptions {
  readonly name: string;
  /** Where its configuration file is to be, and what it says. */
  readonly folder: string;
  readonly text: string;
  /** Takes what is worth telling. */
  readonly tell: (name: string, what: string) => void;
}

// What the demo shows of a node's log; the rest is about members and hooks, and the same thrice.
const telling = /^(taking over|this node is|no quorum|.* was silent|.* failed)/;

/** A node of the demo: a process of this program, which can be started, stopped and killed. */
export class DemoNode {
  readonly name: string;
  readonly #options: DemoNodeOptions;
  #process?: Deno.ChildProcess;
  #log: Promise<void> = Promise.resolve();
  #isLord = false;
  #stopping = false;

  constructor(options: DemoNodeOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** By its own log. */
  get isLord(): boolean {
    return this.#isLord;
  }

  async start(): Promise<void> {
    const { folder, text, tell } = this.#options;
    const file = `${folder}/${this.name}.ini`;
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    const args = ["node", "--config", file, "--name", this.name, "--log-format", "json"];
    // Three nodes of one legion on one machine: each tells its status at a place of its own.
    const env = { RUNTIME_DIRECTORY: `${folder}/${this.name}` };
    const io = { stdin: "null", stdout: "null", stderr: "piped" } as const;
    this.#process = selfCommand(args, { ...io, env }).spawn();
    tell(this.name, `started, process ${this.#process.pid}`);
    this.#log = this.#read(this.#process.stderr)
      .catch((error) => tell(this.name, `its log cannot be read: ${error.message}`));
  }

  /** Stops it cleanly, for good: what it says of that is not told. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#end("SIGTERM");
  }

  /** Ends it at once; does nothing where none runs. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    try {
      process.kill(signal);
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
    }
    await process.status;
    await this.#log;
    this.#isLord = false;
    this.#process = undefined;
  }

  async #read(stderr: ReadableStream<Uint8Array>): Promise<void> {
    const lines = stderr.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    for await (const line of lines) {
      const message = messageOf(line);
      if (message === "this node is the lord") this.#isLord = true;
      if (message.startsWith("this node is no longer the lord")) this.#isLord = false;
      if (this.#stopping || !telling.test(message)) continue;
      this.#options.tell(this.name, message.replace(/ \(.*\)$/, ""));
    }
  }
}

// What is no event of the log (a message of the runtime, say) is told as it stands.
function messageOf(line: string): string {
  try {
    return JSON.parse(line).message;
  } catch {
    return `failed: ${line}`;
  }
}
