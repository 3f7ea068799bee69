// The documents beside the code: citations and links find their place.
import { assert, assertEquals } from "@std/assert";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../lib/cli/version.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

function filesBelow(folder: string, end: RegExp): string[] {
  return [...Deno.readDirSync(join(root, folder))].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? filesBelow(path, end) : end.test(name) ? [path] : [];
  });
}

function read(path: string): string {
  return Deno.readTextFileSync(join(root, path));
}

const sources = ["lib", "scripts", "tests"].flatMap((folder) => filesBelow(folder, /\.(ts|txt)$/));
const documents = [
  "README.md",
  ...["lib", "tests"].flatMap((folder) => filesBelow(folder, /\.md$/)),
];

interface Citation {
  /** `LEASE.md`, or `legion/LEASE.md` where more than one file has the name. */
  readonly document: string;
  readonly heading?: string;
  /** Of the items below the heading; without a heading, the rules. */
  readonly numbers: readonly number[];
}

/** `LEASE.md, rule 4`, `rules 4 and 5`, `PROTOCOL.md, "Encryption"`, `"Where it falls short", 7`. */
function citationsIn(text: string): Citation[] {
  const form = /([\w/]+\.md), (?:"([^"]+)"(?:, (\d+))?|rules? (\d+)(?: and (\d+))?)/g;
  const flowing = text.replaceAll(/\s*\n\s*(?:\*|\/\/|#)? ?/g, " ");
  return [...flowing.matchAll(form)].map(([, document, heading, ...numbers]) => ({
    document,
    heading,
    numbers: numbers.filter((number) => number !== undefined).map(Number),
  }));
}

/**
 * The part of a file's citation that cannot be found; undefined: all of it is there. A document beside
 * the file is meant rather than others of its name.
 */
function missing({ document, heading, numbers }: Citation, by: string): string | undefined {
  const named = documents.filter((path) => `/${path}`.endsWith(`/${document}`));
  const beside = named.filter((path) => path === join(dirname(by), document));
  const found = beside.length > 0 ? beside : named;
  if (found.length !== 1) return `${document} is ${found.length} files`;
  const text = read(found[0]);
  const section = heading === undefined ? text : sectionOf(text, heading);
  if (section === undefined) return `${document} has no heading "${heading}"`;
  const number = numbers.find((number) => !RegExp(`^${number}\\. `, "m").test(section));
  return number === undefined ? undefined : `${document} has no ${heading ?? "rule"} ${number}`;
}

function sectionOf(text: string, heading: string): string | undefined {
  return text.split(/^#+ /m).find((section) => section.startsWith(`${heading}\n`));
}

Deno.test("a citation is read, also where a comment breaks it", () => {
  const text = `/**
 * Thus (PROTOCOL.md, "Where it falls
 * short", 7), and so (LEASE.md,
 * rules 4 and 5).
 */`;
  assertEquals(citationsIn(text), [
    { document: "PROTOCOL.md", heading: "Where it falls short", numbers: [7] },
    { document: "LEASE.md", heading: undefined, numbers: [4, 5] },
  ]);
});

Deno.test("every citation in a comment finds its document, heading and rule", () => {
  const faults = sources.filter((path) => path !== "tests/documents_test.ts").flatMap((path) =>
    citationsIn(read(path)).map((citation) => missing(citation, path))
      .filter((fault) => fault !== undefined).map((fault) => `${path}: ${fault}`)
  );
  assertEquals(faults, []);
});

Deno.test("every link of a document finds its file and heading", () => {
  const faults = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(
      ([, file, anchor]) => {
        const target = file === "" ? path : join(dirname(path), file);
        if (!isThere(target)) return [`${path}: no file ${target}`];
        const lacks = anchor !== undefined && !anchorsIn(read(target)).has(anchor);
        return lacks ? [`${path}: no heading #${anchor} in ${target}`] : [];
      },
    )
  );
  assertEquals(faults, []);
});

Deno.test("every file that lib/README.md names is there", () => {
  const text = read("lib/README.md");
  const paths = [...text.matchAll(/`(\w+\/\w+\.\w+)`/g)].map(([, path]) => path);
  assertEquals(paths.filter((path) => !isThere(join("lib", path))), []);
});

Deno.test("every version of failover and of Deno that users read is that of deno.json, or of the tests", () => {
  const forms = [
    [/\bfailover[-_](\d+\.\d+\.\d+)/g, version],
    [/, version (\d+\.\d+\.\d+)/g, version],
    [/\bdeno@(\d+\.\d+\.\d+)/g, Deno.version.deno],
  ] as const;
  const forUsers = documents.filter((path) => /^(README\.md$|lib\/manual\/)/.test(path));
  const shown = [...forUsers, ".ci/run"].flatMap((path) =>
    forms.flatMap(([form, current]) =>
      [...read(path).matchAll(form)].map(([text, version]) => ({ path, text, version, current }))
    )
  );
  for (const [, current] of forms) {
    assert(shown.some(({ version }) => version === current), `none tells ${current}`);
  }
  const faults = shown.filter(({ version, current }) => version !== current);
  assertEquals(faults.map(({ path, text }) => `${path}: ${text}`), []);
});

function isThere(path: string): boolean {
  try {
    Deno.statSync(resolve(root, path));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsIn(text: string): Set<string> {
  const headings = [...text.replaceAll(/^```.*?^```/gms, "").matchAll(/^#+ (.*)$/gm)];
  return new Set(
    headings.map(([, heading]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-")
    ),
  );
}
