/** The fields of a value that may be anything; none where it is no object. */
export function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** An id of the Cloud's: a whole number from 1. */
export function idOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && value as number > 0 ? value as number : undefined;
}

/** A text of at most 256 UTF-16 units, without control characters: it may be shown. */
export function textOf(value: unknown): string | undefined {
  const isFit = typeof value === "string" && value.length <= 256 && !/\p{C}/u.test(value);
  return isFit ? value : undefined;
}

/** A truth value. */
export function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
