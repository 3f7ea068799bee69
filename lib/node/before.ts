import type { ServiceBefore } from "./fitness_watch.ts";
import type { Memory } from "./memory/memory.ts";

/** The parts of a memory that tell what the last process of a node was. */
type Remembered = Pick<Memory, "past" | "service">;

/** The service as it was before a restart of the process; undefined: the node has left since. */
export function serviceBefore({ past, service }: Remembered): ServiceBefore | undefined {
  if (past.kind === "forgotten" || past.notes.end === "leave") return undefined;
  const { valor, configuredValor } = past.notes;
  return { ...service, stood: valor === configuredValor };
}

/** The names of the nodes that the process before this one has heard, by their entries. */
export function nodesBefore({ past }: Pick<Memory, "past">): ReadonlyMap<string, string> {
  const configs = past.kind === "forgotten" ? [] : past.notes.configs;
  return new Map(configs.map(({ node, name }) => [node, name]));
}

/** The title that the process before this one had, or was taking; undefined: none. */
export function lordshipBefore({ past }: Remembered): "lord" | "taking over" | undefined {
  if (past.kind === "forgotten" || past.notes.end === "leave") return undefined;
  const { lordship } = past.notes;
  return lordship === "lord" || lordship === "taking over" ? lordship : undefined;
}

/** Whether the process before this one had a title, and ended to be started again. */
export function isRestart(remembered: Remembered): boolean {
  const { past } = remembered;
  return past.kind === "noted" && past.notes.end === "restart" &&
    lordshipBefore(remembered) !== undefined;
}

/** Whether somebody wanted this start: the process before this one, if any, has not crashed. */
export function isOrdered({ past }: Pick<Memory, "past">): boolean {
  return past.kind === "forgotten" || past.notes.end !== undefined;
}
