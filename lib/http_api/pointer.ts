/** A value that a JSON pointer leads to. */
export type Found =
  /** The value. */
  | { readonly value: unknown }
  /** There is no such field. */
  | undefined;

/** Whether a text is a JSON pointer (RFC 6901) to a field of a document. */
export function isPointer(text: string): boolean {
  return /^(\/([^~/]|~[01])*)+$/.test(text);
}

/** The keys of a JSON pointer, from the document inwards, without its escapes. */
export function keysOf(pointer: string): string[] {
  return pointer.split("/").slice(1).map((raw) => raw.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * The field of a document that a JSON pointer (RFC 6901) names. A `null` on the way there is the
 * field's value: a server that is none has no id.
 */
export function findAt(document: unknown, pointer: string): Found {
  let value = document;
  for (const key of keysOf(pointer)) {
    if (value === null) return { value };
    if (typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return { value };
}

/** A field as text, to be compared or sent; undefined where it is an object or a list. */
export function asText(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? undefined : String(value);
}
