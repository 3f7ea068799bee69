// The status page in a real browser: headless Chromium (Debian's package `chromium`). The browser's
// driver looks into /proc, for which Deno wants every permission: so these tests are run by
// themselves, and the program that they start has its own permissions all the same.
import { assertEquals } from "@std/assert";
import { chromium, type Page } from "playwright-core";
import { failover, startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";

const executablePath = "/usr/bin/chromium";
const hasChromium = await Deno.stat(executablePath).then(() => true, () => false);
if (!hasChromium) console.log("page_test: skipped, there is no Chromium here (Debian: chromium)");

// Nothing that goes out by itself: the page is all there is to see.
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

async function lordOn(page: Page, name: string): Promise<void> {
  await page.locator("p.big.lord", { hasText: name }).waitFor({ timeout: 10_000 });
}

Deno.test({
  name: "the page shows the lord, and within 2 s of its death the next, without a reload",
  ignore: !hasChromium,
  // The browser's driver keeps timers and pipes of its own beyond the test.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const folder = await Deno.makeTempDir();
    const [one, two, stats] = freePorts(3);
    const legion = (port: number, peer: number, valor: number) =>
      `[uwsgi]\nlegion = failover 127.0.0.1:${port} ${valor} bf-cbc:x\n` +
      `legion-node = failover 127.0.0.1:${peer}\nlegion-freq = 0.1\nlegion-tolerance = 0.5\n`;
    const strongText = legion(one, two, 20);
    // What a check says may be one long word.
    const check = `cmd=printf %0180d 7; test ! -e ${folder}/bad,interval=0.1,fall=1,name=disk`;
    const weakText = `${legion(two, one, 10)}stats = 127.0.0.1:${stats}\nstats-http = true\n` +
      `legion-check = failover ${check}\n`;
    const browser = await chromium.launch({ executablePath, args });
    try {
      await using strong = await startNode(folder, "strong", strongText);
      await using weak = await startNode(folder, "weak", weakText);
      await strong.line(/this node is the lord/);
      await weak.line(/strong is elected/);

      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      const amiss: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") amiss.push(message.text());
      });
      page.on("pageerror", (error) => amiss.push(String(error)));
      let loads = 0;
      page.on("load", () => loads++);
      await page.goto(`http://127.0.0.1:${stats}/`);
      await lordOn(page, "strong");

      const killed = performance.now();
      strong.signal("SIGKILL");
      await lordOn(page, "weak");
      const seconds = (performance.now() - killed) / 1000;
      assertEquals([seconds < 2, loads, amiss], [true, 1, []], `${seconds} s`);
      assertEquals(await page.locator("li", { hasText: "strong was silent" }).count(), 1);
      await Deno.writeTextFile(`${folder}/bad`, "");
      await page.locator("p.finding", { hasText: /stands back: check disk fails: .*07/ })
        .waitFor({ timeout: 10_000 });
      await page.locator("p.quiet", { hasText: "this node stands back: check disk" })
        .waitFor({ timeout: 10_000 });
      // Readable on a phone: nothing is wider than the screen.
      const tooWide = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
      assertEquals(await page.evaluate(tooWide), false);
      const shot = Deno.env.get("SCREENSHOT");
      if (shot !== undefined) await page.screenshot({ path: shot, fullPage: true });
    } finally {
      await browser.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "the page shows a name as text, and what turns the writing round as an escape",
  ignore: !hasChromium,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const folder = await Deno.makeTempDir();
    const [port, stats] = freePorts(2);
    const file = `${folder}/a.ini`;
    await Deno.writeTextFile(
      file,
      `[uwsgi]\nlegion = one 127.0.0.1:${port} 1 bf-cbc:x\nlegion-freq = 0.1\n` +
        `stats = 127.0.0.1:${stats}\nstats-http = true\n`,
      { mode: 0o600 },
    );
    const name = "<b>evil</b>\u202e\u001b\n\u009b";
    const shown = "<b>evil</b>\\u202e\\u001b\\u000a\\u009b";
    const browser = await chromium.launch({ executablePath, args });
    try {
      await using node = failover("a", ["node", "--config", file, "--name", name]);
      await node.line(/this node is the lord/);
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${stats}/`);
      await lordOn(page, shown);
      assertEquals(await page.locator("#node").textContent(), shown);
      assertEquals(await page.locator("tr.lord td").first().textContent(), shown);
      assertEquals(await page.locator("b").count(), 0);
    } finally {
      await browser.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
