/** A format of configuration files that uWSGI reads and this program does not. */
export interface OtherFormat {
  /** The name for people. */
  readonly format: "YAML" | "XML" | "JSON";
  /** The names of uWSGI's options that read a file of it; the first is to be recommended. */
  readonly options: readonly string[];
  /** Matches the beginning of such a file. */
  readonly looks: RegExp;
}

/** The formats that are refused. */
export const otherFormats: readonly OtherFormat[] = [
  { format: "YAML", options: ["yaml", "yml"], looks: /^(?:\s|#.*\n|%.*\n|---)*\w[\w-]*:(?:\s|$)/ },
  { format: "XML", options: ["xml", "xmlconfig"], looks: /^\s*</ },
  { format: "JSON", options: ["json", "js"], looks: /^\s*\{/ },
];

/**
 * The reason why the text of a file is refused, with the command that makes INI of it; undefined: it
 * looks like none of the other formats.
 */
export function otherFormat(text: string, file: string): string | undefined {
  if (/^\s*\[[^\]{}"]*\]\s*$/m.test(text)) return undefined;
  const found = otherFormats.find(({ looks }) => looks.test(text));
  return found && toIni(found.format, file);
}

/**
 * The command that makes INI of a file. uWSGI goes on to start, and ends at once, since its process
 * id cannot be written to `/`. A `%` that is left is one of the value's own, and has to be doubled.
 */
export function toIni(format: OtherFormat["format"], file: string): string {
  const { options: [option] } = otherFormats.find((other) => other.format === format)!;
  const path = /^[\w./-]+$/.test(file) ? file : "FILE";
  const ini = `${path.replace(/\.(ya?ml|xml|js|json)$/, "")}.ini`;
  return `only INI is read here, not ${format}; this makes INI of it: ` +
    `uwsgi --show-config --${option} ${path} --pidfile / 2>&1 | ` +
    `sed -n '/^\\[uwsgi]/,/^;end/{s/%/%%/g;/^${option} =/!p}' > ${ini}`;
}
