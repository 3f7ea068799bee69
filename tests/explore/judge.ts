import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { LegionView } from "../../lib/legion/view.ts";
import type { Node } from "./node.ts";

/** Judges every step of a schedule, and how it ends. */
export class Judge {
  readonly #nodes: readonly Node[];
  readonly #nowMs: () => number;
  /** The first rule that was broken, in words with the time and the nodes; undefined: none was. */
  broken?: string;

  constructor(nodes: readonly Node[], nowMs: () => number) {
    this.#nodes = nodes;
    this.#nowMs = nowMs;
  }

  /**
   * Judges after a step of a process: no two nodes that both say `guarantee: lease` are lord, or
   * taking over, at one instant. The clock decides how long each of them is.
   */
  stepped(node: Node): void {
    const { legion } = node;
    if (legion === undefined) return;
    const nowMs = this.#nowMs();
    node.claimsUntilMs = node.trueMs(legion.claimUntilMs);
    if (node.hooks?.event === "unlord") this.#releases(node, legion.view());
    if (node.claimsUntilMs <= nowMs) return;
    for (const other of this.#nodes) {
      if (other === node || other.claimsUntilMs <= nowMs) continue;
      if (!guaranteed(node) || !guaranteed(other)) continue;
      const what = isLord(node, nowMs) && isLord(other, nowMs) ? "lord" : "lord, or taking over,";
      const names = [node, other].map(({ plan: { name } }) => name).sort().join(" and ");
      this.#break(`${names} are ${what} at one instant, and both say guarantee: lease`);
    }
  }

  /** Judges when hooks begin: those of lord and unlord alternate. */
  hooksBegin(node: Node, event: HookEvent): void {
    const { plan: { name }, holds } = node;
    if (event === "lord" && holds) this.#break(`${name} runs lord hooks twice`);
    if (event === "unlord" && !holds) this.#break(`${name} runs unlord hooks without lord`);
    if (event === "lord") node.holds = true;
    if (event === "unlord") node.holds = false;
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
    const names = lords.map(({ plan: { name } }) => name).join(" and ");
    if (lords.length > 1) this.#break(`at the end ${names} are lord`);
    if (lords.length === 0 && expected) {
      this.#break("at the end nobody is lord, although one could be");
    }
  }

  #releases(node: Node, { support, uuid, leased }: LegionView): void {
    if (!leased || support === undefined || support === uuid) return;
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

function guaranteed({ legion }: Node): boolean {
  return legion?.view().guarantee.kind === "lease";
}
