/** A place in a configuration file, for messages. */
export interface Place {
  /** The path of the file, as given. */
  readonly file: string;
  /** The line, counted from 1. */
  readonly line: number;
}

/** A place in words, as one reads them in a text about `file`: `line 7`, or `other.ini:7`. */
export function placeIn(file: string, place: Place): string {
  return place.file === file ? `line ${place.line}` : `${place.file}:${place.line}`;
}
