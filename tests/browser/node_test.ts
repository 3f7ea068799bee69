// The status page of real nodes.
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { startNode } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { browserTest, openPage } from "./browser.ts";

async function lordOn(page: Page, name: string): Promise<void> {
  await page.locator("p.big", { hasText: `${name} is the lord` }).waitFor({ timeout: 10_000 });
}

browserTest(
  "the page shows the lord, and within 2 s of its death the next, without a reload",
  async (browser) => {
    const folder = await Deno.makeTempDir();
    const [one, two, stats] = freePorts(3);
    const legion = (port: number, peer: number, valor: number) =>
      `[uwsgi]\nlegion = failover 127.0.0.1:${port} ${valor} bf-cbc:x\n` +
      `legion-node = failover 127.0.0.1:${peer}\nlegion-freq = 0.1\nlegion-tolerance = 0.5\n`;
    const strongText = legion(one, two, 20);
    // The output of a check may be one long word.
    const check = `cmd=printf %%0180d 7; test ! -e ${folder}/bad,interval=0.1,fall=1,name=disk`;
    const weakText = `${legion(two, one, 10)}stats = 127.0.0.1:${stats}\nstats-http = true\n` +
      `legion-check = failover ${check}\n`;
    try {
      await using strong = await startNode(folder, "strong", strongText);
      await using weak = await startNode(folder, "weak", weakText);
      await strong.line(/this node is the lord/);
      await weak.line(/strong is elected/);

      const url = `http://127.0.0.1:${stats}/`;
      const options = { viewport: { width: 390, height: 844 } };
      const { page, amiss } = await openPage(browser, url, options);
      let loads = 0;
      page.on("load", () => loads++);
      await lordOn(page, "strong");

      const killed = performance.now();
      strong.signal("SIGKILL");
      await lordOn(page, "weak");
      const seconds = (performance.now() - killed) / 1000;
      assertEquals([seconds < 2, loads, amiss], [true, 0, []], `${seconds} s`);
      assertEquals(await page.locator("li", { hasText: "strong was silent" }).count(), 1);
      await page.locator(".nodes tr", { hasText: /strong.*not heard/s }).waitFor();
      await Deno.writeTextFile(`${folder}/bad`, "");
      await page.locator(".finding", { hasText: /check disk fails: .*07/ })
        .waitFor({ timeout: 10_000 });
      await page.locator("p.why", { hasText: "This node stands back: check disk" })
        .waitFor({ timeout: 10_000 });
      // Readable on a phone: nothing is wider than the screen.
      const isTooWide = "document.documentElement.scrollWidth > innerWidth";
      assertEquals(await page.evaluate(isTooWide), false);
      const shot = Deno.env.get("SCREENSHOT");
      if (shot !== undefined) await page.screenshot({ path: shot, fullPage: true });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
