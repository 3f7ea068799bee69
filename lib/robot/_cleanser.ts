/** Makes a text fit to be told. */
export type Clean = (text: string) => string;

/**
 * Replaces secrets in a text by `***`, in all spellings that a reply may quote them in, also mixed and
 * one in another: as they are, as JSON, in HTML (named, decimal and hexadecimal), in a URL or a form.
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

/** A regular expression for more would be too large; none of the parts is so short as to be common. */
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

// All of these are bounded, and what two of them may match next to each other differs: a reply that
// imitates the secret must not make the search long.
const ampersand = "&(?:amp;){0,2}";
const percent = "%(?:25){0,2}";
const backslash =
  `(?:\\\\u005[cC]|\\\\|${ampersand}(?:#0{0,8}92;?|#[xX]0{0,8}5[cC];?|bsol;)|${percent}5[cC])`;

/** Escaping puts backslashes before a character, and doubles those that are there, once or twice. */
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
    // In a page that is not in UTF-8.
    ...code > 0x7f && code <= 0xff ? [percent + hex(code, 2), "\\ufffd"] : [],
    ...character === " " ? ["\\+"] : [],
    ...character in letters ? [letters[character]] : [],
    units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join(""),
  ];
}

/** By which letter a control character is written behind a backslash. */
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
