/** The part of `deno.lock` that the bill of materials is made of. */
export interface Lock {
  /** The packages, by `NAME@VERSION`. */
  readonly npm: Readonly<Record<string, LockedPackage>>;
}

/** A package of `deno.lock`. */
export interface LockedPackage {
  /** The hash of the package's archive, as npm writes it: `sha512-` and Base64. */
  readonly integrity: string;
  /** The packages that it needs: `NAME`, or `NAME@VERSION` where there are several. */
  readonly dependencies?: readonly string[];
}

/** The facts of a release, for its bill of materials. */
export interface Materials {
  /** The version of the program. */
  readonly version: string;
  /** The time of the build, as ISO 8601 in UTC. */
  readonly builtAt: string;
  /** The version of the Deno that is in the executables. */
  readonly deno: string;
  /** The import map of deno.json. */
  readonly imports: Readonly<Record<string, string>>;
  /** The text of deno.lock, parsed. */
  readonly lock: Lock;
  /** The source of the program: packages that only tests import are no part of a release. */
  readonly sources: readonly string[];
}

const program = "failover";

/**
 * The software bill of materials of a release, as CycloneDX 1.5 has it
 * (https://cyclonedx.org/docs/1.5/json): the packages that the program imports, those that these
 * need, and Deno. Without a serial number, which would be another one each time.
 *
 * @throws Error where an imported package is not in deno.lock
 */
export function sbom({ version, builtAt, deno, imports, lock, sources }: Materials): object {
  const direct = Object.entries(imports)
    .filter(([name]) => sources.some((source) => source.includes(`"${name}`)))
    .map(([, specifier]) => keyOf(specifier.replace(/^npm:\/?/, ""), lock));
  const needed = (key: string) =>
    (lock.npm[key].dependencies ?? []).map((dependency) => keyOf(dependency, lock));
  // A set may grow while it is walked through: so what is needed is looked at too.
  const keys = new Set(direct);
  for (const key of keys) for (const more of needed(key)) keys.add(more);
  const sorted = [...keys].sort();
  const runtime = `pkg:github/denoland/deno@v${deno}`;
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: builtAt,
      component: {
        type: "application",
        "bom-ref": program,
        name: program,
        version,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [
      { type: "platform", "bom-ref": runtime, name: "deno", version: deno, purl: runtime },
      ...sorted.map((key) => component(key, lock.npm[key].integrity)),
    ],
    dependencies: [
      { ref: program, dependsOn: [runtime, ...[...new Set(direct)].sort().map(purlOf)] },
      { ref: runtime, dependsOn: [] },
      ...sorted.map((key) => ({ ref: purlOf(key), dependsOn: needed(key).map(purlOf) })),
    ],
  };
}

function component(key: string, integrity: string): object {
  const at = key.lastIndexOf("@");
  const [name, group] = key.slice(0, at).split("/").reverse();
  const hash = Uint8Array.fromBase64(integrity.replace(/^sha512-/, ""));
  return {
    type: "library",
    "bom-ref": purlOf(key),
    ...group === undefined ? {} : { group },
    name,
    version: key.slice(at + 1),
    hashes: [{ alg: "SHA-512", content: hash.toHex() }],
    purl: purlOf(key),
  };
}

/** A package's address, of which an at sign before the name is escaped (package-url). */
function purlOf(key: string): string {
  return `pkg:npm/${key.replace(/^@/, "%40")}`;
}

/** The key of a package in deno.lock, by its name or specifier. */
function keyOf(wanted: string, { npm }: Lock): string {
  const key = Object.keys(npm).find((key) =>
    key === wanted || key.startsWith(`${wanted}@`) || wanted.startsWith(`${key}/`)
  );
  if (key !== undefined) return key;
  throw new Error(`deno.lock has no package ${wanted}`);
}
