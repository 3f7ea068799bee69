import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { LegionView } from "../../lib/legion/view.ts";
import type { Node } from "./node.ts";
import { stepMs } from "./setting.ts";

// The unlord hooks begin once hooks that run have been aborted.
const inTimeMs = 20;

/** Judges every step of a schedule, and how it ends. */
export class Judge {
  readonly #nodes: readonly Node[];
  readonly #nowMs: () => number;
  readonly #strict: boolean;
  /** The first rule that was broken, in words with the time and the nodes; undefined: none was. */
  broken?: string;

  /**
   * Begins to judge.
   *
   * @param nodes the nodes
   * @param options.strict whether there may be no two lords, whatever they say: as nodes go by one
   * list and quorum
   * @param options.nowMs gives the present time, in milliseconds
   */
  constructor(
    nodes: readonly Node[],
    { strict, nowMs }: { strict: boolean; nowMs: () => number },
  ) {
    this.#nodes = nodes;
    this.#strict = strict;
    this.#nowMs = nowMs;
  }

  /**
   * Judges after a step of a process: no two nodes that both say `guarantee: lease` are lord, or
   * taking over, at one instant. The clock decides how long each of them is. With a release time a
   * node is lord until its unlord hooks have ended, if they begin in time.
   */
  stepped(node: Node): void {
    const { legion } = node;
    if (legion === undefined) return;
    const nowMs = this.#nowMs();
    node.claimsUntilMs = Math.max(node.trueMs(legion.claimUntilMs), node.releasesUntilMs);
    if (node.hooks?.event === "unlord") this.#releases(node, legion.view());
    if (node.claimsUntilMs <= nowMs) return;
    for (const other of this.#nodes) {
      if (other === node || other.claimsUntilMs <= nowMs) continue;
      const isSaid = guaranteed(node) && guaranteed(other);
      if (!isSaid && !this.#strict) continue;
      const what = isLord(node, nowMs) && isLord(other, nowMs) ? "lord" : "lord, or taking over,";
      const names = [node, other].map(({ plan: { name } }) => name).sort().join(" and ");
      const said = isSaid ? ", and both say guarantee: lease" : "";
      this.#break(`${names} are ${what} at one instant${said}`);
    }
  }

  /** Judges when hooks begin: those of lord and unlord alternate, but for a restart. */
  hooksBegin(node: Node, event: HookEvent, { resumed }: { readonly resumed: boolean }): void {
    const { plan: { name }, holds } = node;
    if (event === "lord" && holds && !resumed) this.#break(`${name} runs lord hooks twice`);
    if (event === "unlord" && !holds) this.#break(`${name} runs unlord hooks without lord`);
    if (event === "lord") node.holds = true;
    if (event !== "unlord") return;
    node.holds = false;
    const { config: { releaseMs }, plan: { unlordHookMs }, claimsUntilMs } = node;
    const isInTime = releaseMs > 0 && claimsUntilMs + inTimeMs > this.#nowMs();
    node.releasesUntilMs = isInTime ? this.#nowMs() + unlordHookMs : -Infinity;
  }

  /** Judges a node whose check has failed for at least a step. */
  unfit(node: Node): void {
    const nowMs = this.#nowMs();
    // A process that stands still has not been told yet.
    if (node.pausedUntilMs > nowMs - stepMs || !isLord(node, nowMs)) return;
    this.#break(`${node.plan.name} is lord, although its check fails`);
  }

  /** Judges that the nodes do not come to rest. */
  loops(): void {
    this.#break("the nodes keep each other, or themselves, busy without end");
  }

  /**
   * Judges at the end of a calm stretch.
   *
   * @param expected whether any node may be lord
   */
  end(lords: readonly Node[], expected: boolean): void {
    // Two lords that do not hear each other, since neither lists the other, cannot know better.
    const known = lords.filter((lord) => lords.some((other) => hears(lord, other)));
    const names = lords.map(({ plan: { name } }) => name).join(" and ");
    if (known.length > 0) this.#break(`at the end ${names} are lord`);
    if (lords.length === 0 && expected) {
      this.#break("at the end nobody is lord, although one could be");
    }
  }

  #releases(node: Node, { support, uuid, guarantee }: LegionView): void {
    if (guarantee.kind !== "lease" && !this.#strict) return;
    if (support === undefined || support === uuid) return;
    this.#break(`${node.plan.name} supports another before its unlord hooks have ended`);
  }

  #break(what: string): void {
    this.broken ??= `${(this.#nowMs() / 1000).toFixed(3)} ${what}`;
  }
}

/** Whether a node is lord by its clock. */
export function isLord(node: Node, nowMs: number): boolean {
  return node.legion !== undefined && node.trueMs(node.legion.lordUntilMs) > nowMs;
}

function hears({ legion }: Node, { plan: { name } }: Node): boolean {
  return legion?.view().members.some((member) => member.name === name) ?? false;
}

function guaranteed({ legion }: Node): boolean {
  return legion?.view().guarantee.kind === "lease";
}
