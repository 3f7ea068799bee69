/**
 * The ids that were asked for once, of this process: a takeover then needs no look-up. A provider is
 * made anew for each takeover, so they are not its own.
 */
const ids = new Map<string, number>();
// Names come from configurations, which may be read anew for ever.
const mostKnown = 1_000;

/** The thing whose id is asked for. */
export interface Named {
  /** The account that may see it, or another place where the name is right. */
  readonly account: string;
  /** The kind of thing; `holder`: the server that has an alias IP. */
  readonly kind: "floating IP" | "server" | "holder";
  /** The name, address or other text that stands for it. */
  readonly name: string;
}

/** The id of a thing; undefined: it has not been asked for yet. */
export function knownId(of: Named): number | undefined {
  return ids.get(keyOf(of));
}

/** Takes note of an id. */
export function noteId(of: Named, id: number): void {
  if (ids.size >= mostKnown) ids.clear();
  ids.set(keyOf(of), id);
}

/** Forgets an id that is no longer right. */
export function forgetId(of: Named): void {
  ids.delete(keyOf(of));
}

/** Forgets all ids, as a process that begins knows none. */
export function forgetIds(): void {
  ids.clear();
}

function keyOf({ account, kind, name }: Named): string {
  return JSON.stringify([account, kind, name]);
}
