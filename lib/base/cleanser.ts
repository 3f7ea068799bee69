/** Masks the secrets in a text, so that it can be logged. */
export type Clean = (text: string) => string;

/**
 * Makes a function that replaces secrets in a text by `***`, in all spellings that a reply may
 * quote them in, mixed and nested ones too: plain, as JSON, in HTML (named, decimal and
 * hexadecimal), in a URL or a form.
 *
 * @example
 * ```ts
 * cleanser(["p&w"])("wrong: p&amp;w"); // "wrong: ***"
 * ```
 */
export function cleanser(secrets: readonly string[]): Clean {
  const patterns = secrets.flatMap(parts).map((part) => new RegExp(patternOf(part), "g"));
  return (text) => patterns.reduce((rest, pattern) => rest.replace(pattern, "***"), text);
}

/**
 * The most characters of a secret in one regular expression, which would be too large for more. The
 * parts of a longer secret are of equal length, so none is short enough to match common text.
 */
const longestPart = 256;

function parts(secret: string): string[] {
  const characters = [...secret];
  const count = Math.ceil(characters.length / longestPart);
  const length = Math.ceil(characters.length / count);
  return Array.from(
    { length: count },
    (_, i) => characters.slice(i * length, (i + 1) * length).join(""),
  );
}

// All repetitions are bounded, and two neighbours never match the same text, so that a reply made to
// resemble the secret cannot make the search slow.
const ampersand = "&(?:amp;){0,2}";
const percent = "%(?:25){0,2}";
const backslash =
  `(?:\\\\u005[cC]|\\\\|${ampersand}(?:#0{0,8}92;?|#[xX]0{0,8}5[cC];?|bsol;)|${percent}5[cC])`;

/**
 * The regular expression for a part of a secret. Escaping, done once or twice, puts backslashes
 * before a character and doubles the ones that are there.
 */
function patternOf(secret: string): string {
  const runs = secret.matchAll(/(\\*)([^\\]|$)/gsu);
  return [...runs].filter(([whole]) => whole !== "").map(([, { length }, character]) => {
    const before = `${backslash}{${length},${4 * length + (character === "" ? 0 : 4)}}`;
    return before + (character === "" ? "" : `(?:${spellings(character).join("|")})`);
  }).join("");
}

/** All spellings of a character other than the backslash, without backslashes before it. */
function spellings(character: string): string[] {
  const code = character.codePointAt(0)!;
  const units = character.split("").map((unit) => unit.charCodeAt(0));
  const bytes = [...new TextEncoder().encode(character)];
  const isPlain = /^[0-9A-Za-z]$/.test(character);
  return [
    `${ampersand}#0{0,8}${code};?`,
    `${ampersand}#[xX]0{0,8}${hex(code)};?`,
    ...isPlain ? [] : [`${ampersand}[A-Za-z][0-9A-Za-z]{1,31};`],
    units.map((unit) => `u${hex(unit, 4)}`).join(`${backslash}{1,4}`),
    bytes.map((byte) => percent + hex(byte, 2)).join(""),
    // The spelling in a page that is in Latin-1, not in UTF-8.
    ...code > 0x7f && code <= 0xff ? [percent + hex(code, 2), "\\ufffd"] : [],
    ...character === " " ? ["\\+"] : [],
    ...character in letters ? [letters[character]] : [],
    units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join(""),
  ];
}

/** The letters that stand for control characters after a backslash. */
const letters: Readonly<Record<string, string>> = {
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\f": "f",
  "\r": "r",
};

/** A number in hexadecimal digits of either case. */
function hex(number: number, length = 1): string {
  return number.toString(16).padStart(length, "0")
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
