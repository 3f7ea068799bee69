/** The text that a value had in its document (ECMAScript, `JSON.parse` source text access). */
interface Source {
  /** The text; left out for lists and objects. */
  readonly source?: string;
}

/**
 * The value of a reply in JSON and UTF-8; undefined when it is not valid. Whole numbers that a
 * `number` cannot tell apart, as ids of 64 bits, are kept as the text that they had.
 */
export function replyJson(body: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return JSON.parse(text, (_key, value, ...[source]: [Source?]) => {
      const isInexact = typeof value === "number" && !Number.isSafeInteger(value);
      const text = isInexact ? source?.source : undefined;
      return text !== undefined && /^-?\d+$/.test(text) ? text : value;
    });
  } catch {
    return undefined;
  }
}
