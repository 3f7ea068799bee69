/** Something that the Cloud does, which takes its time. */
export class CloudAction {
  /** The action's id, of which there is one in all projects. */
  readonly id: number;
  /** Its name, such as `assign_floating_ip`. */
  readonly command: string;
  /** The resources it concerns. */
  readonly resources: readonly { readonly id: number; readonly type: string }[];
  readonly #startedMs: number;
  readonly #effect: () => void;
  #status: "running" | "success" | "error" = "running";
  #finishedMs?: number;
  #error: { code: string; message: string } | null = null;

  /**
   * Starts an action.
   *
   * @param effect called when it succeeds
   */
  constructor(
    { id, command, resources, nowMs, effect }: {
      readonly id: number;
      readonly command: string;
      readonly resources: readonly { readonly id: number; readonly type: string }[];
      readonly nowMs: number;
      readonly effect: () => void;
    },
  ) {
    this.id = id;
    this.command = command;
    this.resources = resources;
    this.#startedMs = nowMs;
    this.#effect = effect;
  }

  /**
   * Ends the action.
   *
   * @param error the reason why it fails, and so has no effect; null when it succeeds
   */
  end(nowMs: number, error: { code: string; message: string } | null): void {
    this.#finishedMs = nowMs;
    this.#error = error;
    this.#status = error === null ? "success" : "error";
    if (error === null) this.#effect();
  }

  /** The action as a reply tells it. */
  told(): Record<string, unknown> {
    return {
      id: this.id,
      command: this.command,
      status: this.#status,
      progress: this.#status === "running" ? 0 : 100,
      started: apiTime(this.#startedMs),
      finished: this.#finishedMs === undefined ? null : apiTime(this.#finishedMs),
      resources: this.resources,
      error: this.#error,
    };
  }
}

/** A time as the Cloud writes it: `2026-11-29T00:00:00+00:00`. */
export function apiTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}
