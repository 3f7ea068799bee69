import type { Outbox } from "./effects.ts";
import type { HookQueue } from "./hook_queue.ts";
import type { Lordship } from "./lordship.ts";
import type { NoteTaker } from "./note_taker.ts";
import type { Speaker } from "./speaker.ts";

/**
 * The phases of a node's life:
 *
 * - `setting up`: the setup hooks run
 * - `listening`: the first round, which elects nobody
 * - `voting`: the node takes part
 * - `dying`: the death hooks run
 * - `leaving`: the farewells go out
 * - `gone`: nothing follows
 */
export type Phase =
  | "setting up"
  | "listening"
  | "voting"
  | "dying"
  | "leaving"
  | "gone";

/** The parts of a node that its phases concern. */
export interface LifeContext {
  /** The hooks of this node, two of whose events are phases. */
  readonly hooks: HookQueue;
  /** This node's lordship. */
  readonly lordship: Lordship;
  /** The voice of this node. */
  readonly speaker: Speaker;
  /** Notes how the node ends. */
  readonly noteTaker: NoteTaker;
  /** Takes the effects. */
  readonly out: Outbox;
}

/** The life of a node, phase by phase: from its setup hooks to its last farewell. */
export class Life {
  readonly #node: string;
  readonly #context: LifeContext;
  #phase: Phase = "setting up";
  #endsMs = Infinity;
  #votes = false;

  /**
   * Has not begun.
   *
   * @param node the name of this node
   */
  constructor(node: string, context: LifeContext) {
    this.#node = node;
    this.#context = context;
  }

  /** The present phase. */
  get phase(): Phase {
    return this.#phase;
  }

  /** When the phase ends by itself, monotonic; Infinity: not by itself. */
  get endsMs(): number {
    return this.#endsMs;
  }

  /** Whether this node takes part in the election. */
  get votes(): boolean {
    return this.#votes;
  }

  /** Whether this node has come in, and does not leave. */
  get isIn(): boolean {
    return this.#phase === "listening" || this.#phase === "voting";
  }

  /** Whether this node is about to end, or has ended. */
  get isStopping(): boolean {
    return this.#phase === "dying" || this.#phase === "leaving" || this.#phase === "gone";
  }

  /** Begins with the setup hooks. */
  begin(): void {
    this.#context.hooks.add({ event: "setup", node: this.#node });
  }

  /** Comes in, and elects nobody before that time, monotonic. */
  listen(untilMs: number): void {
    this.#phase = "listening";
    this.#endsMs = untilMs;
    this.#context.speaker.begin();
  }

  /** Takes part from now on. */
  vote(): void {
    this.#phase = "voting";
    this.#endsMs = Infinity;
    this.#votes = true;
  }

  /** Ends with the death hooks and the farewells. A second call skips the death hooks. */
  stop(): void {
    const { hooks, out } = this.#context;
    const again = this.isStopping;
    // The unlord hooks give something back: the first time they may finish.
    const spared = again ? undefined : "unlord";
    hooks.clear(spared);
    const running = hooks.running?.event;
    if (running !== undefined && running !== spared) out.do({ type: "abortHooks" });
    if (this.#phase === "dying") return this.leave();
    if (again) return;
    out.log("info", "stopping");
    this.#phase = "dying";
    this.#endsMs = Infinity;
    hooks.add({ event: "death", node: this.#node });
  }

  /** Says the farewells, once the death hooks have ended. */
  leave(): void {
    const { noteTaker, lordship, speaker } = this.#context;
    noteTaker.end("leave");
    this.#phase = "leaving";
    this.#votes = false;
    lordship.forget();
    if (speaker.silent) this.begone();
    else speaker.part();
  }

  /** Ends now: nothing follows. */
  begone(): void {
    this.#phase = "gone";
    this.#context.out.do({ type: "stopped" });
  }
}
