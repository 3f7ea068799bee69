import addresses from "./page/addresses.js" with { type: "text" };
import describe from "./page/describe.js" with { type: "text" };
import events from "./page/events.js" with { type: "text" };
import icons from "./page/icons.js" with { type: "text" };
import legion from "./page/legion.js" with { type: "text" };
import main from "./page/main.js" with { type: "text" };
import matrixStyle from "./page/matrix.css" with { type: "text" };
import matrix from "./page/matrix.js" with { type: "text" };
import nodesStyle from "./page/nodes.css" with { type: "text" };
import nodes from "./page/nodes.js" with { type: "text" };
import pageStyle from "./page/page.css" with { type: "text" };
import page from "./page/page.html" with { type: "text" };
import patch from "./page/patch.js" with { type: "text" };
import reignsStyle from "./page/reigns.css" with { type: "text" };
import reigns from "./page/reigns.js" with { type: "text" };
import service from "./page/service.js" with { type: "text" };
import times from "./page/times.js" with { type: "text" };
import verdictStyle from "./page/verdict.css" with { type: "text" };
import verdict from "./page/verdict.js" with { type: "text" };

/** The status page in one document, so that one connection is enough for it. */
export interface PageDocument {
  /** The text, HTML. */
  readonly html: string;
  /** The header `Content-Security-Policy`: it runs these scripts alone, and asks this server alone. */
  readonly policy: string;
}

/** The modules, each behind those that it imports. */
const modules: readonly (readonly [name: string, text: string])[] = Object.entries({
  describe,
  icons,
  times,
  patch,
  verdict,
  addresses,
  events,
  matrix,
  nodes,
  reigns,
  service,
  legion,
  main,
});

let parts: { readonly style: string; readonly script: string } | undefined;

/** The page; its files are put together when somebody first asks for it. */
export function pageDocument(): PageDocument {
  const { style, script } = parts ??= {
    style: [pageStyle, verdictStyle, nodesStyle, matrixStyle, reignsStyle].join("\n"),
    script: `"use strict";\nconst modules = {};\n${
      modules.map(([name, text]) => inline(name, text)).join("")
    }`,
  };
  // A word that is new in each reply names these two parts, so that no other may run. A hash would
  // do the same, but load node:crypto.
  const nonce = crypto.randomUUID();
  const html = page
    .replace("<style></style>", () => `<style nonce="${nonce}">${style}</style>`)
    .replace("<script></script>", () => `<script nonce="${nonce}">${script}</script>`);
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; ` +
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";
  return { html, policy };
}

/**
 * A module as a part of a script: a function whose result has its exports. Its imports are one line
 * each, `import { h } from "./describe.js";`, and its exports functions.
 */
function inline(name: string, text: string): string {
  const exported = [...text.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
  const body = text
    .replace(/^import (\{.*\}) from "\.\/(\w+)\.js";$/gm, "const $1 = modules.$2;")
    .replace(/^export /gm, "");
  return `modules.${name} = (() => {\n${body}return { ${exported.join(", ")} };\n})();\n`;
}
