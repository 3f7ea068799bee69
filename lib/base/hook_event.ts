/** The events of a legion's life that hooks can be bound to (`legion-EVENT = NAME ACTION`). */
export const hookEvents = [
  "setup",
  "join",
  "lord",
  "unlord",
  "death",
  "node-joined",
  "node-left",
] as const;

/** One of {@link hookEvents}. */
export type HookEvent = typeof hookEvents[number];
