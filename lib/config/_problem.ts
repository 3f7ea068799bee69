import { ConfigError, type ConfigProblem } from "./config_error.ts";
import type { IniLine } from "./ini.ts";
import { percentHint } from "./_magic.ts";
import { isTellable } from "./_tellable.ts";

/** The parts of a line that tell where it is. */
type Where = Pick<IniLine, "file" | "line" | "key" | "via" | "letters">;

/** A problem with a line, at its place in the file; the option is named where it is no secret. */
export function problemOf(where: Where, what: string): ConfigProblem {
  const { file, line, key, via, letters } = where;
  const message = what !== "" && letters ? `${what}; ${percentHint}` : what;
  return { file, line, ...isTellable(key) ? { option: key } : {}, message, ...via && { via } };
}

/** The same as an error, where nothing more is looked at. */
export function problemAt(line: Where, message: string): ConfigError {
  return new ConfigError([problemOf(line, message)]);
}
