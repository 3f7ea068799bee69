import { type LogLevel, logLevels } from "../base/log_level.ts";
import { printable } from "../base/printable.ts";
import { topicOf } from "./log_topic.ts";

/**
 * The forms of a log: `text`, a line to read; `json`, an object a line; `journal`, a line for
 * systemd's journal, which adds the time itself, and reads the priority from the line's beginning
 * (sd-daemon(3)).
 */
export const logFormats = ["text", "json", "journal"] as const;

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

/** The priorities of syslog(3), by level. */
const priorities: Readonly<Record<LogLevel, number>> = { debug: 7, info: 6, warn: 4, error: 3 };

/**
 * Makes a log of one line an event: time, level, legion, plain words. A warning or an error that
 * the manual has an entry about ends with the command that shows it.
 */
export function createLog({ format, level, write, now = () => new Date() }: LogOptions): Log {
  const least = logLevels.indexOf(level);
  return (level, message, legion) => {
    if (logLevels.indexOf(level) < least) return;
    const isAmiss = level === "warn" || level === "error";
    const help = isAmiss ? topicOf(message) : undefined;
    const about = legion === undefined ? "" : `${legion}: `;
    const remedy = help === undefined ? "" : ` (failover help ${help})`;
    const words = printable(about + message + remedy);
    switch (format) {
      case "json": {
        const time = now().toISOString();
        return write(`${printable(JSON.stringify({ time, level, legion, message, help }))}\n`);
      }
      case "journal":
        return write(`<${priorities[level]}>${words}\n`);
      case "text":
        write(`${now().toISOString()} ${level.padEnd(5)} ${words}\n`);
    }
  };
}

/**
 * The form of a log for which none is chosen: `journal` where systemd says that the log goes to its
 * journal (JOURNAL_STREAM, systemd.exec(5)), else `text`. On a terminal the variable is an
 * inheritance of the desktop, and means nothing.
 *
 * @param env reads an environment variable; undefined where it is not set
 * @param isTerminal whether the log goes to a terminal
 */
export function logFormatFor(
  env: (name: string) => string | undefined,
  isTerminal: boolean,
): LogFormat {
  return env("JOURNAL_STREAM") && !isTerminal ? "journal" : "text";
}
