import type { Voter } from "./election.ts";
import type { NotedPromise, Notes, Past } from "./notes.ts";
import type { LegionOptions } from "./options.ts";

/** The way in which a node begins, by what is known of its last process (LEASE.md, rule 12). */
export interface Beginning {
  /** This node's identity: its configured rank, or the noted one where it goes on as the same node. */
  readonly self: Voter;
  /** The notes of the last process; undefined: there are none. */
  readonly notes?: Notes;
  /** Whether the node goes on as the same one: its peers see no join and no leave. */
  readonly isResumed: boolean;
  /** Whether it was lord, or taking over, and claims that again. */
  readonly claims: boolean;
  /** Whether its last process ended without taking leave, and not to be started again. */
  readonly isCrashed: boolean;
  /** The uuid before this one; undefined: none. */
  readonly was?: string;
  /** The identity that it had on the wire, and that has not taken leave; undefined: none. */
  readonly former?: Voter;
  /** The promise that still holds; undefined: none. */
  readonly promise?: NotedPromise;
  /**
   * How long it supports nobody, in milliseconds from the start: for promises that nobody remembers;
   * undefined: all promises are known.
   */
  readonly forgotten?: {
    /** The longest time that such a promise may bind, in milliseconds; 0: not known. */
    readonly bindsMs: number;
    /** The time before the start in which no promise was given, in milliseconds. */
    readonly quietMs: number;
  };
}

type BeginningOptions = Pick<LegionOptions, "name" | "node" | "valor" | "voters">;

/**
 * The row of LEASE.md's table (rule 12) that applies at a start.
 *
 * @param self this node under a uuid that is new
 * @param nowMs the moment of the start, monotonic
 */
export function beginningOf(
  past: Past,
  options: BeginningOptions,
  self: Voter,
  nowMs: number,
): Beginning {
  if (past.kind === "forgotten") {
    const { bindsMs, quietMs, crashed: isCrashed } = past;
    return { self, isResumed: false, claims: false, isCrashed, forgotten: { bindsMs, quietMs } };
  }
  const { notes } = past;
  const former = { valor: notes.valor, name: notes.name, uuid: notes.uuid };
  const isCrashed = notes.end === undefined;
  const promise = promiseNow(notes, nowMs);
  if (notes.end !== "leave" && isSame(notes, options)) {
    const { was } = notes;
    const claims = notes.lordship === "lord" || notes.lordship === "taking over";
    return { self: former, notes, isResumed: true, claims, isCrashed, was, promise };
  }
  const common = {
    self,
    notes,
    isResumed: false,
    claims: false,
    isCrashed,
    was: notes.uuid,
    promise,
  };
  return notes.end === "leave" ? common : { ...common, former };
}

/** A beginning in a line for the log. */
export function beginningText(
  { self: { valor, uuid }, notes, isResumed, claims }: Beginning,
  { quorum }: Pick<LegionOptions, "quorum">,
): string {
  const rank = valor === 0 ? "an arbiter (valor 0)" : `valor ${valor}`;
  const title = claims ? `, which was ${notes!.lordship}` : "";
  const how = isResumed ? `goes on as the process before it${title}:` : "started as";
  return `${how} ${rank}, quorum ${quorum}, uuid ${uuid}`;
}

/** Whether notes are of the node that starts. Where no nodes are listed, none has an own entry. */
function isSame(notes: Notes, { name, node, valor, voters }: BeginningOptions): boolean {
  const isKnown = node !== undefined || voters.length === 0;
  return isKnown && notes.name === name && notes.node === node && notes.configuredValor === valor;
}

/**
 * The noted promise to another node, as it holds now: after a leave until its noted end, else as if
 * renewed just now, since renewals are not noted.
 */
function promiseNow({ uuid, support, end }: Notes, nowMs: number): NotedPromise | undefined {
  if (support === undefined || support.uuid === uuid) return undefined;
  if (end !== "leave") return { ...support, untilMs: nowMs + support.binds };
  return nowMs < support.untilMs ? support : undefined;
}
