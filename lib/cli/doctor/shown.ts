import { printable } from "../../base/printable.ts";
import { hanging } from "../../base/wrap.ts";
import type { Answer } from "./answer.ts";

/** The way answers are set off: colours on a terminal, none in a pipe. */
export interface AnswerStyle {
  /** The signs, of one column each. */
  readonly signs: Readonly<Record<Answer["sign"], string>>;
  /** Colours a sign. */
  readonly paint: (sign: Answer["sign"], text: string) => string;
  /** The width in characters at which an answer is broken between words; Infinity: never. */
  readonly width: number;
}

/** The signs where the terminal, or the reader of the pipe, takes UTF-8. */
export const utf8Signs = { ok: "\u2713", note: "!", wrong: "\u2717" };

/** The signs where it may not. */
export const asciiSigns = { ok: "+", note: "!", wrong: "x" };

/** Whether text may be UTF-8, by the environment: as C programs decide it (`LC_ALL`, `LANG`). */
export function takesUtf8(env: (name: string) => string | undefined): boolean {
  const locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(env).find((value) => value) ?? "";
  return /utf-?8/i.test(locale);
}

/**
 * The answers for a person: a line each, and below it the command that mends what is wrong. A command
 * stays one line, however long, so that it can be copied.
 */
export function answerLines(
  answers: readonly Answer[],
  { signs, paint, width }: AnswerStyle,
): string {
  const lines = answers.flatMap((answer) => {
    const { sign, what, why, remedy, topic } = answer;
    const more = topic === "" || sign === "ok" ? "" : ` (failover help ${topic})`;
    return [
      `${paint(sign, signs[sign])} ${hanging(printable(`${what}: ${why}${more}`), width - 2, 0)}`
        .replaceAll("\n", "\n  "),
      ...remedy === "" ? [] : [`    ${printable(remedy)}`],
    ];
  });
  return [...lines, "", summary(answers), ""].join("\n");
}

function summary(answers: readonly Answer[]): string {
  const count = (sign: Answer["sign"]) => answers.filter((answer) => answer.sign === sign).length;
  const notes = count("note") === 0 ? "" : `, ${count("note")} to note`;
  return `${answers.length} answers: ${count("wrong") || "none"} wrong${notes}`;
}
