import { printable } from "../base/printable.ts";

/** From the least to the most serious. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** One of {@link logLevels}. */
export type LogLevel = typeof logLevels[number];

/** `text`: a line to read; `json`: an object a line. */
export const logFormats = ["text", "json"] as const;

/** One of {@link logFormats}. */
export type LogFormat = typeof logFormats[number];

/** Writes one event; `legion` is the name of the legion it is about, where it is about one. */
export type Log = (level: LogLevel, message: string, legion?: string) => void;

/** How and where a log is written. */
export interface LogOptions {
  readonly format: LogFormat;
  /** Events less serious than this are left out. */
  readonly level: LogLevel;
  /** Takes a line, with its end. */
  readonly write: (line: string) => void;
  /** The time that stands in the line. */
  readonly now?: () => Date;
}

/** A log of one line an event: time, level, legion, plain words. */
export function createLog({ format, level, write, now = () => new Date() }: LogOptions): Log {
  const least = logLevels.indexOf(level);
  return (level, message, legion) => {
    if (logLevels.indexOf(level) < least) return;
    const time = now().toISOString();
    if (format === "json") {
      write(`${printable(JSON.stringify({ time, level, legion, message }))}\n`);
    } else {
      const about = legion === undefined ? "" : `${legion}: `;
      write(`${time} ${level.padEnd(5)} ${printable(about + message)}\n`);
    }
  };
}
