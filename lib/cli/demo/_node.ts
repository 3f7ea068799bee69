import { TextLineStream } from "@std/streams/text-line-stream";
import { selfCommand } from "../self.ts";

/** The settings of a node of the demo. */
export interface DemoNodeOptions {
  /** The node's name. */
  readonly name: string;
  /** The folder for its configuration file. */
  readonly folder: string;
  /** The text of its configuration file. */
  readonly text: string;
  /** Told of the events that are worth showing, in words. */
  readonly tell: (name: string, what: string) => void;
}

// The lines of a node's log that the demo shows; the others, about members and hooks, are the same
// at all three nodes.
const telling = /^(taking over|this node is|no quorum|.* was silent|.* failed)/;

/** A node of the demo: a process of this program, which can be started, stopped and killed. */
export class DemoNode {
  /** The node's name. */
  readonly name: string;
  readonly #options: DemoNodeOptions;
  #process?: Deno.ChildProcess;
  #log: Promise<void> = Promise.resolve();
  #isLord = false;
  #stopping = false;

  /** Sets the node up; nothing runs yet. */
  constructor(options: DemoNodeOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Whether the node is lord, by its own log. */
  get isLord(): boolean {
    return this.#isLord;
  }

  /** Writes the configuration file, and starts the process. */
  async start(): Promise<void> {
    const { folder, text, tell } = this.#options;
    const file = `${folder}/${this.name}.ini`;
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    const args = ["node", "--config", file, "--name", this.name, "--log-format", "json"];
    // The three nodes share a machine, so each has folders of its own. A node of the demo begins as
    // on a server that has died and come back: with nothing that it remembers.
    const own = await Deno.makeTempDir({ dir: folder, prefix: `${this.name}-` });
    const env = { RUNTIME_DIRECTORY: own, STATE_DIRECTORY: own };
    const io = { stdin: "null", stdout: "null", stderr: "piped" } as const;
    this.#process = selfCommand(args, { ...io, env }).spawn();
    tell(this.name, `started, process ${this.#process.pid}`);
    this.#log = this.#read(this.#process.stderr)
      .catch((error) => tell(this.name, `its log cannot be read: ${error.message}`));
  }

  /** Stops the process cleanly and for good; its log of that is not shown. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#end("SIGTERM");
  }

  /** Kills the process at once; does nothing where none runs. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    try {
      process.kill(signal);
    } catch (error) {
      // The process has ended by itself.
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

// The message of a line of the log. A line that is no event, such as a message of the runtime, is
// shown as it stands.
function messageOf(line: string): string {
  try {
    return JSON.parse(line).message;
  } catch {
    return `failed: ${line}`;
  }
}
