import { assertEquals } from "@std/assert";
import { sbom } from "../../scripts/_sbom.ts";

const sha512 = (byte: number) => `sha512-${new Uint8Array(64).fill(byte).toBase64()}`;

Deno.test("sbom: what the program imports and what that needs, with hashes; nothing of tests", () => {
  const bill = sbom({
    version: "1.2.3",
    builtAt: "2026-01-01T00:00:00Z",
    deno: "2.9.6",
    imports: {
      "@std/assert": "npm:deno-std@1.4.0/assert/mod.js",
      "@noble/ciphers/": "npm:/@noble/ciphers@2.4.0/",
      "ajv": "npm:ajv@8.20.0",
    },
    lock: {
      npm: {
        "@noble/ciphers@2.4.0": { integrity: sha512(1), dependencies: ["deep"] },
        "ajv@8.20.0": { integrity: sha512(2) },
        "deep@3.0.0": { integrity: sha512(0xab) },
        "deno-std@1.4.0": { integrity: sha512(3) },
      },
    },
    sources: ['import { ctr } from "@noble/ciphers/aes.js";'],
  });
  const noble = "pkg:npm/%40noble/ciphers@2.4.0";
  const deno = "pkg:github/denoland/deno@v2.9.6";
  const hashes = (hex: string) => [{ alg: "SHA-512", content: hex.repeat(64) }];
  assertEquals(bill, {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: "2026-01-01T00:00:00Z",
      component: {
        type: "application",
        "bom-ref": "failover",
        name: "failover",
        version: "1.2.3",
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [
      { type: "platform", "bom-ref": deno, name: "deno", version: "2.9.6", purl: deno },
      {
        type: "library",
        "bom-ref": noble,
        group: "@noble",
        name: "ciphers",
        version: "2.4.0",
        hashes: hashes("01"),
        purl: noble,
      },
      {
        type: "library",
        "bom-ref": "pkg:npm/deep@3.0.0",
        name: "deep",
        version: "3.0.0",
        hashes: hashes("ab"),
        purl: "pkg:npm/deep@3.0.0",
      },
    ],
    dependencies: [
      { ref: "failover", dependsOn: [deno, noble] },
      { ref: deno, dependsOn: [] },
      { ref: noble, dependsOn: ["pkg:npm/deep@3.0.0"] },
      { ref: "pkg:npm/deep@3.0.0", dependsOn: [] },
    ],
  });
});
