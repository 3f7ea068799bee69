import { Invalid } from "../base/invalid.ts";

/**
 * The value of a sum in a placeholder, `%(port + 1)`: whole numbers and names of such, with `+`, `-`,
 * `*` and `/` between them and blanks around each, from left to right, as uWSGI computes it.
 *
 * @param valueOf the value of a name; undefined: there is no such name
 * @throws Invalid when this is no such sum
 */
export function sum(text: string, valueOf: (name: string) => string | undefined): string {
  const parts = text.trim().split(/ +/);
  if (parts.length < 3) throw new Invalid("no option or placeholder has this name");
  if (parts.length % 2 === 0 || parts.length > maxParts) throw new Invalid(wrong);
  let result = operand(parts[0], valueOf);
  for (let at = 1; at < parts.length; at += 2) {
    const next = operand(parts[at + 1], valueOf);
    if (parts[at] === "+") result += next;
    else if (parts[at] === "-") result -= next;
    else if (parts[at] === "*") result *= next;
    else if (parts[at] === "/" && next !== 0) result = Math.trunc(result / next);
    else throw new Invalid(wrong);
    if (!Number.isSafeInteger(result)) throw new Invalid(wrong);
  }
  return `${result}`;
}

const maxParts = 19;
const wrong = "this is not computed here: right would be whole numbers with + - * / between them";

function operand(text: string, valueOf: (name: string) => string | undefined): number {
  const value = valueOf(text) ?? text;
  if (!/^-?\d{1,15}$/.test(value)) throw new Invalid(wrong);
  return Number(value);
}
