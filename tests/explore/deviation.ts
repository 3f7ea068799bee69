/** The kinds of deviations from a calm course, each with the thing that it does from its step on. */
export const kinds = {
  lose: "the datagrams of one step on one link are lost: lose a>b",
  late: "the datagrams of one step on one link come so many steps late: late a>b 5",
  double: "the datagrams of one step on one link come twice, again so much later: double a>b 5",
  cut: "a link is cut one way for so many steps: cut a>b 13",
  part: "a link is cut both ways for so many steps: part a-b 13",
  isolate: "a node hears nobody and is heard by nobody for so many steps: isolate a 13",
  pause: "a process stands still for so many steps: pause a 13",
  kill: "a process ends at once: kill a",
  stop: "a process is told to stop, and takes leave: stop a",
  leave: "a process takes leave, and the next starts so many steps later: leave a 1",
  start: "a node whose process has ended starts again: start a",
  restart: "a process ends at once, and the next starts so many steps later: restart a 1",
  forget: "the same, and the next process finds no notes: forget a 1",
  tolerance: "a node is reloaded with another tolerance, in steps of time: tolerance a 36",
  quorum: "a node is reloaded with another quorum: quorum a 3",
  list: "a node is reloaded with another list, and the quorum that is its majority: list a abcde",
  hooks: "the lord hooks of a node that begin within so many steps fail: hooks a 24",
  check: "the check of a node fails for so many steps: check a 6",
  renew: "a node stands back for one step, under a new uuid, its farewells are lost: renew a",
} as const;

/** One of {@link kinds}. */
export type Kind = keyof typeof kinds;

/** One deviation from a calm course. */
export interface Deviation {
  /** The step at whose beginning it begins. */
  readonly step: number;
  /** The kind. */
  readonly kind: Kind;
  /** The node, `a`, or the link, `a>b` one way and `a-b` both ways. */
  readonly of: string;
  /** The amount, by the kind; undefined: the kind has none. */
  readonly amount?: number | string;
}

/** The name of a deviation: `12:cut a>b 4`. */
export function nameOf({ step, kind, of, amount }: Deviation): string {
  return `${step}:${kind} ${of}${amount === undefined ? "" : ` ${amount}`}`;
}

/**
 * The last step in which a deviation can do anything by itself; Infinity: a node remembers hooks
 * that failed until it is lord.
 */
export function lastStep({ step, kind, amount }: Deviation): number {
  if (kind === "hooks") return Infinity;
  const isTime = typeof amount === "number" && kind !== "tolerance" && kind !== "quorum";
  return isTime ? step + amount : step + 1;
}

/**
 * Reads the name of a deviation.
 *
 * @throws Error when it is no name of one
 */
export function readDeviation(name: string): Deviation {
  const match = /^(\d+):([a-z]+) ([a-z](?:[>-][a-z])?)(?: (\d+|[a-z]+))?$/.exec(name.trim());
  const [, step, kind, of, amount] = match ?? [];
  if (!isKind(kind)) {
    throw new Error(`${JSON.stringify(name)} is no deviation, as 12:cut a>b 4 is: ${allKinds}`);
  }
  const isNumber = /^\d+$/.test(amount ?? "");
  return { step: Number(step), kind, of, amount: isNumber ? Number(amount) : amount };
}

const allKinds = Object.keys(kinds).join(", ");

function isKind(kind: string | undefined): kind is Kind {
  return kind !== undefined && Object.hasOwn(kinds, kind);
}
