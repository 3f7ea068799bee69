import { Invalid } from "../base/invalid.ts";
import { asText, findAt, isPointer } from "./pointer.ts";

/** The way in which a value is written where it stands. */
export type Escape = "url" | "form" | "header" | "json" | "json string";

/** The names that a template may have in braces, besides `{reply:/POINTER}`. */
export const slotNames = ["ip", "here", "node", "legion"] as const;

/** The values of the names in braces. */
export type Values = Readonly<Record<typeof slotNames[number], string>>;

/** A place in a template where a value is put in. */
export interface Slot {
  /** The name of the value; `reply`: a field of the reply. */
  readonly name: typeof slotNames[number] | "reply";
  /** The JSON pointer of the reply's field; empty for other names. */
  readonly pointer: string;
  /** The way in which the value is written. */
  readonly as: Escape;
}

/** A text with values to be put in: plain data. */
export type Template = readonly (string | Slot)[];

/** A field of a reply that is missing, or cannot be put in. */
export class UnusableField extends Error {
  /** Always `UnusableField`. */
  override readonly name = "UnusableField";
}

// A reply's field is an id; a longer one is a mistake, or an attack.
const longest = 512;

/**
 * Reads a text with `{ip}`, `{here}`, `{node}`, `{legion}` and `{reply:/POINTER}` in it. Other braces,
 * as those of JSON, stay; a URL has none.
 *
 * @param as the way in which values are written; `json` is also `json string` between quotation marks
 * @param hasReply whether there is a reply whose fields can be named
 * @throws Invalid where a name is unknown, or there is no reply
 */
export function parseTemplate(
  text: string,
  { as, hasReply = false }: { readonly as: Escape; readonly hasReply?: boolean },
): Template {
  const parts: (string | Slot)[] = [];
  let end = 0;
  // A word in braces that is no such name is a mistake, wherever it stands: `{IP}`, `{ ip }`.
  for (const match of text.matchAll(/\{(\s*[A-Za-z]\w*\s*)(?::([^{}]*))?\}/g)) {
    const [whole, name, pointer = ""] = match;
    parts.push(text.slice(end, match.index));
    const isQuoted = as === "json" && isInString(text.slice(0, match.index));
    parts.push({ ...slot(name, pointer, hasReply), as: isQuoted ? "json string" : as });
    end = match.index + whole.length;
  }
  const all = [...parts, text.slice(end)].filter((part) => part !== "");
  const isTorn = all.some((part) => typeof part === "string" && /[{}]/.test(part));
  if (as === "url" && isTorn) throw unknownName();
  return all;
}

function slot(name: string, pointer: string, hasReply: boolean): Omit<Slot, "as"> {
  if (name === "reply") {
    if (!hasReply) throw new Invalid("{reply:…} has a reply to take from in poll-url alone");
    if (!isPointer(pointer)) {
      throw new Invalid("right would be {reply:/FIELD}, with a JSON pointer");
    }
    return { name, pointer };
  }
  const known = slotNames.find((each) => each === name);
  if (known !== undefined && pointer === "") return { name: known, pointer };
  throw unknownName();
}

function unknownName(): Invalid {
  const names = slotNames.map((each) => `{${each}}`).join(", ");
  return new Invalid(`a name in braces is unknown: there are ${names} and {reply:/POINTER}`);
}

/** Whether the end of a JSON text is inside of a string. */
function isInString(json: string): boolean {
  return json.replace(/\\./gs, "").split('"').length % 2 === 0;
}

/**
 * Puts the values in.
 *
 * @param reply the reply whose fields are named, as JSON
 * @throws UnusableField where the reply has no such field, or one that cannot be put in
 */
export function render(template: Template, values: Values, reply?: unknown): string {
  return template.map((part) => {
    if (typeof part === "string") return part;
    const { name, pointer, as } = part;
    return escaped(name === "reply" ? fieldOf(reply, pointer) : values[name], as);
  }).join("");
}

function fieldOf(reply: unknown, pointer: string): string {
  const found = findAt(reply, pointer);
  if (found === undefined) throw new UnusableField(`the reply has no field ${pointer}`);
  const text = found.value === null ? undefined : asText(found.value);
  // A path of dots would lead to another request than the one that is meant.
  if (text === undefined || text.length > longest || /^\.{0,2}$/.test(text)) {
    throw new UnusableField(`the field ${pointer} of the reply cannot be used`);
  }
  return text;
}

function escaped(text: string, as: Escape): string {
  switch (as) {
    case "url":
      return encodeURIComponent(text.toWellFormed());
    case "form":
      return new URLSearchParams({ "": text }).toString().slice(1);
    case "json":
      return /^-?(0|[1-9]\d{0,18})$/.test(text) ? text : JSON.stringify(text);
    case "json string":
      return JSON.stringify(text).slice(1, -1);
    case "header":
      return text;
  }
}
