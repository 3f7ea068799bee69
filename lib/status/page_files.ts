import addresses from "./page/addresses.js" with { type: "text" };
import describe from "./page/describe.js" with { type: "text" };
import events from "./page/events.js" with { type: "text" };
import icons from "./page/icons.js" with { type: "text" };
import legion from "./page/legion.js" with { type: "text" };
import main from "./page/main.js" with { type: "text" };
import matrix from "./page/matrix.js" with { type: "text" };
import nodes from "./page/nodes.js" with { type: "text" };
import style from "./page/page.css" with { type: "text" };
import page from "./page/page.html" with { type: "text" };
import patch from "./page/patch.js" with { type: "text" };
import reigns from "./page/reigns.js" with { type: "text" };
import service from "./page/service.js" with { type: "text" };
import times from "./page/times.js" with { type: "text" };
import verdict from "./page/verdict.js" with { type: "text" };

/** A file of the status page. */
export interface PageFile {
  /** The header `Content-Type`. */
  readonly type: string;
  /** The text of the file. */
  readonly body: string;
}

/** The document of the page. */
export const pageDocument: PageFile = { type: "text/html; charset=utf-8", body: page };

const scripts: Readonly<Record<string, string>> = {
  addresses,
  describe,
  events,
  icons,
  legion,
  main,
  matrix,
  nodes,
  patch,
  reigns,
  service,
  times,
  verdict,
};

/** The style and the scripts of the page, by the paths that it asks for. */
export const pageFiles: ReadonlyMap<string, PageFile> = new Map([
  ["/page/page.css", { type: "text/css; charset=utf-8", body: style }],
  ...Object.entries(scripts).map(([name, body]) =>
    [`/page/${name}.js`, { type: "text/javascript; charset=utf-8", body }] as const
  ),
]);
