import { promptSecret } from "@std/cli/prompt-secret";
import { print, printErrorLine } from "../print.ts";
import { UsageError } from "../usage_error.ts";

/** Whether questions can be asked: standard input and output are a terminal. */
export function canAsk(): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
}

/**
 * Asks on the terminal, and again while the answer is wrong.
 *
 * @param question the question, in lines of which the last stands before the answer
 * @param read reads the answer; its UsageError says why the answer is wrong, and is printed
 * @throws UsageError when there is no answer, as by Ctrl-D
 */
export function ask<T>(question: string, read: (answer: string) => T): T {
  return untilRight(question, (label) => prompt(label), read);
}

/**
 * Asks a question that is answered by yes or no; an empty answer is yes.
 *
 * @throws UsageError when there is no answer, as by Ctrl-D
 */
export function askWhether(question: string): boolean {
  return ask(`${question} [Y/n]`, (answer) => {
    if (/^(y|yes|)$/i.test(answer)) return true;
    if (/^(n|no)$/i.test(answer)) return false;
    throw new UsageError("the answer is yes or no");
  });
}

/** As {@link ask}, without showing the answer. */
export function askSecret<T>(question: string, read: (answer: string) => T): T {
  const put = (label: string) => {
    // `promptSecret` asks first and hides afterwards: a quick typist, or a paste, would be seen.
    Deno.stdin.setRaw(true, { cbreak: true });
    return promptSecret(label, { mask: "" });
  };
  return untilRight(question, put, read);
}

function untilRight<T>(
  question: string,
  put: (label: string) => string | null,
  read: (answer: string) => T,
): T {
  const lines = question.split("\n");
  print(lines.slice(0, -1).map((line) => `${line}\n`).join(""));
  for (;;) {
    const answer = put(`${lines.at(-1)}:`);
    if (answer === null) throw new UsageError("no answer: nothing was done");
    try {
      return read(answer.trim());
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      printErrorLine(error.message);
    }
  }
}
