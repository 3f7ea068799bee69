import { type LogLevel, logLevels } from "../base/log_level.ts";
import { printable } from "../base/printable.ts";

/** `text`: a line to read; `json`: an object a line. */
export const logFormats = ["text", "json"] as const;

/** One of {@link logFormats}. */
export type LogFormat = typeof logFormats[number];

/** Writes one event; `legion` is the name of the legion it is about, where it is about one. */
export type Log = (level: LogLevel, message: string, legion?: string) => void;

/** How and where a log is written. */
export interface LogOptions {
  /** The form of a line. */
  readonly format: LogFormat;
  /** Events less serious than this are left out. */
  readonly level: LogLevel;
  /** Takes a line, which includes its end. */
  readonly write: (line: string) => void;
  /** The time for the line; the wall clock by default. */
  readonly now?: () => Date;
}

/** Makes a log of one line an event: time, level, legion, plain words. */
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
