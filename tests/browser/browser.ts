// The page of a real stats socket in a real browser: headless Chromium (Debian's package `chromium`).
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { Stats } from "../../lib/status/report.ts";
import { serveStats } from "../../lib/status/server.ts";

const executablePath = "/usr/bin/chromium";

const hasChromium = await Deno.stat(executablePath).then(() => true, () => false);
if (!hasChromium) console.log("browser: skipped, there is no Chromium here (Debian: chromium)");

// Nothing goes out by itself: the page is all there is to see.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Makes a test with a browser, whose driver keeps timers and pipes of its own beyond the test. */
export function browserTest(name: string, fn: (browser: Browser) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !hasChromium,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const browser = await chromium.launch({ executablePath, args });
      try {
        await fn(browser);
      } finally {
        await browser.close();
      }
    },
  });
}

/** A page in the browser, and what happened to it. */
export interface Watched {
  /** The page. */
  readonly page: Page;
  /** Errors that the page told, and requests to elsewhere than its server. */
  readonly amiss: readonly string[];
}

/**
 * Opens an address of a node, and notes what is amiss.
 *
 * @param told what the page is told instead of the node's answer, such as no node of this version
 *   would say
 */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  told?: unknown,
): Promise<Watched> {
  const page = await browser.newPage(options);
  if (told !== undefined) await page.route("**/stats", (route) => route.fulfill({ json: told }));
  const amiss: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") amiss.push(message.text());
  });
  page.on("pageerror", (error) => amiss.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) {
      amiss.push(`asks for ${request.url()}`);
    }
  });
  await page.goto(url);
  await page.locator(".node").waitFor();
  return { page, amiss };
}

/** A stats socket that tells what a test wants. */
export interface StatusLab extends AsyncDisposable {
  /** Its address, `http://127.0.0.1:PORT/`. */
  readonly url: string;
  /** Tells this from now on. */
  tell(stats: Stats): void;
  /** Ends it, as a node that dies does. */
  close(): Promise<void>;
}

/**
 * Serves a status by HTTP, as a node does.
 *
 * @param port 0: any that is free
 */
export async function serveStatus(first: Stats, port = 0): Promise<StatusLab> {
  let told = first;
  const server = await serveStats({
    listen: { address: { host: "127.0.0.1", port } },
    http: true,
    report: () => told,
    warn: (message) => console.error(message),
  });
  const close = () => server.close();
  return {
    url: `http://${server.at}/`,
    tell: (stats) => told = stats,
    close,
    [Symbol.asyncDispose]: close,
  };
}
