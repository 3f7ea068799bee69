/** The levels of the log, from the least to the most serious. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** One of {@link logLevels}. */
export type LogLevel = typeof logLevels[number];

/** The levels of an event that the status tells of as well. */
export type EventLevel = Exclude<LogLevel, "debug">;
