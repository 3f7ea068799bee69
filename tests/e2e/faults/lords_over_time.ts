/** From `atMs` on there are so many lords. */
export interface Step {
  readonly atMs: number;
  readonly lords: number;
}

/** A stretch of time. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When somebody is lord; an end of Infinity: still. */
export type Reign = Span;

/**
 * For how many seconds of a span the number of lords is as asked for. Before the first step there
 * is none.
 *
 * @param steps in the order of time
 */
export function secondsWith(
  steps: readonly Step[],
  { fromMs, toMs }: Span,
  isMeant: (lords: number) => boolean,
): number {
  let ms = 0;
  const all = [{ atMs: -Infinity, lords: 0 }, ...steps];
  for (const [index, { atMs, lords }] of all.entries()) {
    const begins = Math.max(atMs, fromMs);
    const ends = Math.min(all[index + 1]?.atMs ?? Infinity, toMs);
    if (ends > begins && isMeant(lords)) ms += ends - begins;
  }
  return ms / 1000;
}

/** How many reign at a time. */
export function stepsOf(reigns: readonly Reign[]): Step[] {
  const changes = reigns
    .filter(({ fromMs, toMs }) => fromMs < toMs)
    .flatMap(({ fromMs, toMs }) => [{ atMs: fromMs, by: 1 }, { atMs: toMs, by: -1 }])
    .sort((a, b) => a.atMs - b.atMs);
  let lords = 0;
  return changes.map(({ atMs, by }) => ({ atMs, lords: lords += by }));
}

/** The reigns, less a span in which they could have had no effect. */
export function without(reigns: readonly Reign[], { fromMs, toMs }: Span): Reign[] {
  if (fromMs >= toMs) return [...reigns];
  return reigns.flatMap((reign) => [
    { fromMs: reign.fromMs, toMs: Math.min(reign.toMs, fromMs) },
    { fromMs: Math.max(reign.fromMs, toMs), toMs: reign.toMs },
  ]).filter((reign) => reign.fromMs < reign.toMs);
}
