import type { Instant, Outbox } from "./effects.ts";
import type { HookQueue } from "./hook_queue.ts";
import type { Loss } from "./loss.ts";

/**
 * The stages of a lordship. A node is `taking over` while its lord hooks wait or run, and
 * `releasing` from the moment it is no longer elected until its unlord hooks have ended.
 */
export type LordshipState = "none" | "taking over" | "lord" | "releasing";

/** The way to the lordship and back, by the lord and unlord hooks, which always alternate. */
export class Lordship {
  readonly #hooks: HookQueue;
  readonly #out: Outbox;
  readonly #node: string;
  #state: LordshipState = "none";
  #since = 0;
  /** The stage of the last process, as long as this one has not been lord; undefined: it was none. */
  #before?: LordshipState;
  /** This node takes over, and its lord hooks wait until it may be lord again. */
  #waits = false;

  /**
   * Begins without the title.
   *
   * @param node the name of this node
   */
  constructor(hooks: HookQueue, out: Outbox, node: string) {
    this.#hooks = hooks;
    this.#out = out;
    this.#node = node;
  }

  /** The present stage. */
  get state(): LordshipState {
    return this.#state;
  }

  /** Since when this node is lord, in wall clock seconds; 0 when it is not. */
  get since(): number {
    return this.#since;
  }

  /** The stage as it is to be noted: a lord that takes up again is one that was lord. */
  get noted(): LordshipState {
    return this.#state === "taking over" ? this.#before ?? this.#state : this.#state;
  }

  /** Whether this node claims what its last process was, and has to be elected again. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Whether this node gives back what its last process took, and has no part in the title itself. */
  get givesBack(): boolean {
    return this.#before !== undefined && this.#state === "releasing";
  }

  /**
   * Goes on where the last process of this node ended: it claims at once what that was, or gives back
   * what that did not (LEASE.md, rule 12).
   */
  resume(stage: LordshipState): void {
    if (stage === "none") return;
    this.#before = stage;
    if (stage === "releasing") {
      this.#state = stage;
      return this.#hooks.add({ event: "unlord", node: this.#node });
    }
    this.#state = "taking over";
    this.#waits = true;
  }

  /** Begins to take over: this node is elected. */
  take(): void {
    if (this.#state !== "none" && !this.#waits) return;
    this.#state = "taking over";
    this.#waits = false;
    this.#out.log("info", this.#before ? "taking up again" : "taking over");
    const resumed = this.#before ? { resumed: true } : {};
    this.#hooks.add({ event: "lord", node: this.#node, ...resumed });
  }

  /** Makes this node lord, once its lord hooks have ended. */
  taken(now: Instant): void {
    this.#state = "lord";
    this.#before = undefined;
    this.#since = Math.floor(now.wallMs / 1000);
    this.#out.log("info", "this node is the lord");
  }

  /**
   * Gives the title back, aborting any hooks that run: this node is no longer elected. The log
   * has it as a warning, but where it was planned.
   */
  release({ why, isPlanned }: Loss): void {
    if (this.#state === "none" || this.#state === "releasing") return;
    const isUntouched = this.#hooks.drop("lord") && this.#before === undefined;
    if (isUntouched) return this.forget();
    const running = this.#hooks.running?.event;
    const tell = (what: string) => this.#out.log(isPlanned ? "info" : "warn", `${what}: ${why}`);
    if (this.#state === "lord") tell("this node is no longer the lord");
    else if (this.#before !== undefined) tell("this node does not take up again");
    else if (running === undefined) tell("the lord hooks have ended too late");
    // No running hooks delay the unlord hooks: the lease leaves time for those alone (LEASE.md,
    // rule 7).
    if (running !== undefined) {
      tell(`aborting the ${running} hooks`);
      this.#out.do({ type: "abortHooks" });
    }
    this.#state = "releasing";
    // A node that has been elected again has the title to release, as any other.
    if (!this.#waits) this.#before = undefined;
    this.#waits = false;
    this.#since = 0;
    this.#hooks.add({ event: "unlord", node: this.#node });
  }

  /**
   * Ends the lordship when nothing is left to release: the unlord hooks have ended, or the lord
   * hooks failed.
   */
  forget(): void {
    this.#state = "none";
    this.#before = undefined;
    this.#waits = false;
    this.#since = 0;
  }
}
