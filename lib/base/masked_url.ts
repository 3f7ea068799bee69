/**
 * A URL for people: user, password, the values of its query and its fragment are `***`. The names of
 * the query's parameters stay, so that it can be told what is asked for; a parameter without a name
 * is a value.
 *
 * @param url absolute or relative, right or wrong; it stays as it is written otherwise
 *
 * @example
 * ```ts
 * maskedUrl("http://u:p@host/health?token=abc&x"); // "http://***@host/health?token=***&***"
 * ```
 */
export function maskedUrl(url: string): string {
  const [, place, query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url)!;
  return withoutUser(place) + (query === undefined ? "" : masked(query)) +
    (fragment === undefined ? "" : "#***");
}

/** A text for people with the URLs in it masked, up to white space or a quotation mark each. */
export function withMaskedUrls(text: string): string {
  return text.replace(/\bhttps?:[/\\][^\s"'`]+/gi, maskedUrl);
}

/** Behind a scheme, with or without slashes (browsers take either), all up to the last @ is a user. */
function withoutUser(place: string): string {
  return place.replace(/^(\s*[a-z][a-z0-9+.-]*:[/\\]*|[/\\]{2,})[^/\\]*@/i, "$1***@");
}

function masked(query: string): string {
  return query.replace(/[^?&;=]+(=[^&;]*)?|=[^&;]*/g, (pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? "***" : `${pair.slice(0, equals)}=***`;
  });
}
