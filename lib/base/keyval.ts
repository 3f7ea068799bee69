/**
 * Reads a keyval list (PROTOCOL.md, "Keyval lists"): `key=value` pairs separated by `,`; `\`
 * takes the next character as it is; the value is all after the first `=`, nothing is stripped, and
 * the last of a repeated key counts. Empty items are passed over.
 *
 * @throws SyntaxError when an item has no `=`; the message says which, by its number alone
 */
export function parseKeyval(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [index, item] of split(text).entries()) {
    if (item === "") continue;
    const equals = item.indexOf("=");
    // The item may be half a password with an unescaped comma, so its number has to do.
    if (equals < 0) {
      throw new SyntaxError(`item ${index + 1} has no "=": a comma in a value is written "\\,"`);
    }
    pairs.set(item.slice(0, equals), item.slice(equals + 1));
  }
  return pairs;
}

/** Escapes a value for a keyval list, so that it is read back as it is. */
export function escapeKeyval(value: string): string {
  return value.replaceAll(/[,\\]/g, "\\$&");
}

function split(text: string): string[] {
  const items = [""];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === ",") items.push("");
    else {items[items.length - 1] += text[at] === "\\" && at + 1 < text.length
        ? text[++at]
        : text[at];}
  }
  return items;
}
