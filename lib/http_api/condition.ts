import { Invalid } from "../base/invalid.ts";
import { asText, findAt, isPointer } from "./pointer.ts";

/** The HTTP statuses from one to another, both included. */
export type StatusRange = readonly [from: number, to: number];

/** Something that a reply may say: a status, a field with a value, or both at once. */
export interface Condition {
  /** The statuses; undefined: any. */
  readonly statuses?: readonly StatusRange[];
  /** The JSON pointer of the field; undefined: none counts. */
  readonly pointer?: string;
  /** The field's value as text. */
  readonly value?: string;
}

/** A reply as conditions see it. */
export interface Judged {
  /** The HTTP status. */
  readonly status: number;
  /** The body as JSON; undefined: none. */
  readonly json: unknown;
}

/** Reads statuses: `200,202` or `200-299`. @throws Invalid */
export function parseStatuses(text: string): readonly StatusRange[] {
  return text.split(",").map((part) => {
    const [, from, to = from] = /^\s*([1-5]\d\d)(?:-([1-5]\d\d))?\s*$/.exec(part) ?? [];
    if (from === undefined || from > to) {
      throw new Invalid("right would be statuses, as 200,409-429");
    }
    return [Number(from), Number(to)];
  });
}

/** Reads `STATUSES`, `/POINTER = VALUE`, or one behind the other. @throws Invalid */
export function parseCondition(text: string): Condition {
  const match = /^([\d,\s-]*?)\s*(?:(\/\S*?)\s*=\s*(.+))?$/.exec(text);
  const [, statuses = "", pointer, value] = match ?? [];
  if (statuses === "" && pointer === undefined || pointer !== undefined && !isPointer(pointer)) {
    throw new Invalid("right would be STATUSES, /POINTER = VALUE, or STATUSES /POINTER = VALUE");
  }
  if (value !== undefined && /^=|^(["']).*\1$/.test(value)) {
    throw new Invalid("right would be one = and the bare value, without quotation marks");
  }
  return {
    ...statuses !== "" && { statuses: parseStatuses(statuses) },
    ...pointer !== undefined && { pointer, value },
  };
}

/** Whether a status is one of these. */
export function isStatus(status: number, ranges: readonly StatusRange[]): boolean {
  return ranges.some(([from, to]) => from <= status && status <= to);
}

/** Whether a reply says one of these things. */
export function saysOne({ status, json }: Judged, conditions: readonly Condition[]): boolean {
  return conditions.some(({ statuses, pointer, value }) => {
    if (statuses !== undefined && !isStatus(status, statuses)) return false;
    if (pointer === undefined) return true;
    const found = findAt(json, pointer);
    return found !== undefined && asText(found.value) === value;
  });
}

/** Statuses as a file has them. */
export function statusesText(ranges: readonly StatusRange[]): string {
  return ranges.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(",");
}
