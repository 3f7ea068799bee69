// The status page, with statuses of all kinds. The browser's driver looks into /proc, for which Deno
// wants every permission: so the tests of this folder are run by themselves, and the program that
// they start has its own permissions all the same.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { Stats } from "../../lib/status/report.ts";
import { broken, hostile, lordless, many, older, statusOf, twoLegions, well } from "./examples.ts";
import { browserTest, openPage, serveStatus } from "./browser.ts";

/** The faults that axe finds on the page as it is. */
async function axeFinds(page: Page): Promise<string[]> {
  const found = await page.evaluate("axe.run()") as axe.AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Whether the page is wider than the screen. */
function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate("document.documentElement.scrollWidth > innerWidth");
}

/** Waits until the page shows the answer of the process with this id. */
async function shows(page: Page, pid: number): Promise<void> {
  await page.locator(".node", { hasText: `process ${pid},` }).waitFor({ timeout: 10_000 });
}

const widths = [375, 820, 1440];
const schemes = ["light", "dark"] as const;
for (const [name, example] of Object.entries({ "all is well": well, "much is amiss": broken })) {
  browserTest(`${name}: at each width, in each scheme, axe finds nothing`, async (browser) => {
    await using lab = await serveStatus(example());
    const { page, amiss } = await openPage(browser, lab.url);
    await page.evaluate(axe.source);
    for (const summary of await page.locator("summary").all()) await summary.click();
    for (const width of widths) {
      for (const colorScheme of schemes) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        const found = [await axeFinds(page), await isTooWide(page)];
        assertEquals(found, [[], false], `${width} ${colorScheme}`);
      }
    }
    assertEquals(amiss, []);
  });
}

const phone = { viewport: { width: 375, height: 600 } };
const others: Record<string, () => Stats> = {
  "no lord": lordless,
  "two legions, one empty": twoLegions,
  "no legion": () => statusOf(),
  "twelve nodes with long names": many,
};
for (const [name, example] of Object.entries(others)) {
  browserTest(`${name}: shown on a phone, and axe finds nothing`, async (browser) => {
    await using lab = await serveStatus(example());
    const { page, amiss } = await openPage(browser, lab.url, phone);
    await page.evaluate(axe.source);
    assertEquals([await axeFinds(page), await isTooWide(page), amiss], [[], false, []]);
    assertEquals(await page.locator("section.legion").count(), example().legions.length);
  });
}

browserTest("text is shown as text, or as an escape", async (browser) => {
  await using lab = await serveStatus(well());
  const text = `</script><b>evil</b>\u202e\u001b\n\u009b${"x".repeat(200)}`;
  const { page, amiss } = await openPage(browser, lab.url, phone, hostile(text));
  const told = `</script><b>evil</b>\\u202e\\u001b\\u000a\\u009b${"x".repeat(200)}`;
  for (const place of [".node strong", ".big .name", ".nodes .name", "td.version", ".card .name"]) {
    assertEquals(await page.locator(place).first().textContent(), told, place);
  }
  assertStringIncludes(await page.title(), told);
  assertEquals(await page.locator("[role=status]").textContent(), `Critical: ${told}`);
  assertEquals(await page.locator("b, main script").count(), 0);
  await page.evaluate(axe.source);
  assertEquals([await axeFinds(page), await isTooWide(page), amiss], [[], false, []]);
});

browserTest("a node of an older version tells less, and that is shown", async (browser) => {
  await using lab = await serveStatus(well());
  const { page, amiss } = await openPage(browser, lab.url, {}, older());
  assertEquals(await page.locator("h1").innerText(), "All is well");
  const legion = await page.locator("section.legion").innerText();
  for (const told of ["server-1 is the lord", "points to 1.1.1.1", "server-1 was silent for"]) {
    assertStringIncludes(legion, told);
  }
  assertEquals(amiss, []);
});

browserTest(
  "one glance tells the verdict: page, title and icon",
  async (browser) => {
    await using lab = await serveStatus(well());
    const { page, amiss } = await openPage(browser, lab.url);
    const glance = async () => [
      await page.locator("h1").innerText(),
      await page.title(),
      await page.locator("#icon").getAttribute("href"),
    ];
    const [good, goodTitle, goodIcon] = await glance();
    assertEquals([good, goodTitle], ["All is well", "✓ All is well – server-2"]);
    assertMatch(goodIcon ?? "", /^data:image\/svg\+xml,/);
    lab.tell({ ...broken(), pid: 2 });
    await shows(page, 2);
    const [bad, badTitle, badIcon] = await glance();
    assertEquals([bad, badTitle, badIcon !== goodIcon], [
      "Critical",
      "✗ Critical – server-2",
      true,
    ]);
    const findings = await page.locator(".finding").allInnerTexts();
    assertMatch(
      findings[0],
      /server-2 and server-3 all say that they are lord\s+failover help \S+/,
    );
    assertEquals(amiss, []);
  },
);

browserTest(
  "each node, address and lord is told, and who hears whom",
  async (browser) => {
    await using lab = await serveStatus(broken());
    const { page } = await openPage(browser, lab.url);
    const rows = await page.locator(".nodes tbody tr").allInnerTexts();
    assertMatch(rows[0], /server-2\s*this node\s*2\.2\.2\.2:2000\s*lord/);
    assertMatch(rows[1], /server-1\s*1\.1\.1\.1:2000\s*not heard\s.*silent since 14:03:21 UTC/s);
    assertMatch(rows[2], /stands back: drained, unfit\s+does not hear this node \(for 9\d s\)/);
    assertMatch(rows[3], /\?\s*not listed\s*9\.9\.9\.9:2000/);
    const cards = await page.locator(".card").allInnerTexts();
    assertMatch(
      cards[0],
      /points to 1\.1\.1\.1, server-1\s+is to point to 2\.2\.2\.2, here\s+seen 1\d s/,
    );
    assertMatch(cards[1], /seen 9 min ago by server-1\s+server-2 became lord after that/);
    assertMatch(cards[2], /not seen yet\s+the login is refused/);
    assertMatch(cards[3], /the device lan is down\s+on a device of the lord's/);
    const heard = page.locator(".matrix tbody tr").nth(0);
    assertEquals(await heard.locator("td .hidden").allTextContents(), [
      "itself",
      "does not hear it",
      "does not hear it",
    ]);
    const lords = await page.locator(".strip > span").allTextContents();
    assertEquals(lords, ["not known", "server-1", "no lord", "server-3", "no lord", "server-2"]);
    assertMatch(
      await page.locator(".strip").getAttribute("aria-label") ?? "",
      /^who was lord: not known 1[67] h.*, no lord 2 h, .* server-2 1\d min$/,
    );
  },
);

browserTest(
  "where there is no lord, no address is called well",
  async (browser) => {
    await using lab = await serveStatus(lordless());
    const { page } = await openPage(browser, lab.url);
    const card = page.locator(".card").first();
    assertMatch(await card.innerText(), /there is no lord, so no node looks after it/);
    assertEquals(await card.getByRole("img", { name: "in doubt" }).count(), 1);
  },
);

browserTest(
  "an update leaves selection, scroll, focus and what is open",
  async (browser) => {
    const before = well();
    await using lab = await serveStatus(before);
    const { page, amiss } = await openPage(browser, lab.url, phone);
    await page.locator("summary").first().click();
    await page.evaluate(`
    const event = [...document.querySelectorAll("ol.list li > span")]
      .find((each) => each.textContent === "this node is the lord");
    event.scrollIntoView({ block: "center" });
    getSelection().selectAllChildren(event);
    globalThis.place = () => [
      getSelection().toString(),
      scrollY,
      event.isConnected,
      document.activeElement.tagName,
      document.querySelector("details").open,
    ];
  `);
    const [selected, ...placed] = await page.evaluate("place()") as unknown[];
    assertEquals(selected, "this node is the lord");
    const [legion] = before.legions;
    const time = Math.floor(Date.now() / 1000);
    const events = [...legion.events, { time, level: "warn" as const, message: "something new" }];
    lab.tell({ ...before, pid: 26192, legions: [{ ...legion, events, transitions: 4 }] });
    await shows(page, 26192);
    await page.locator("li", { hasText: "something new" }).waitFor();
    assertEquals(await page.evaluate("place()"), [selected, ...placed]);
    assertEquals(placed.slice(1), [true, "SUMMARY", true]);
    assertEquals(amiss, []);
  },
);

browserTest("a changed verdict is announced once, and nothing else is", async (browser) => {
  await using lab = await serveStatus(well());
  const { page } = await openPage(browser, lab.url);
  const live = "[aria-live], [role=status], [role=alert], [role=log], [role=timer]";
  assertEquals(await page.locator(live).count(), 1);
  await page.evaluate(`
    globalThis.said = [];
    const region = document.querySelector("[role=status]");
    new MutationObserver(() => said.push(region.textContent))
      .observe(region, { childList: true, characterData: true, subtree: true });
  `);
  const [legion] = well().legions;
  const amiss = (memory_trouble: string) => ({ ...legion, memory_trouble });
  lab.tell({ ...well(), pid: 2, uptime_seconds: 7 });
  await shows(page, 2);
  lab.tell({ ...statusOf(amiss("no notes for 7 s")), pid: 3 });
  await shows(page, 3);
  lab.tell({ ...statusOf(amiss("no notes for 8 s")), pid: 4 });
  await shows(page, 4);
  lab.tell({ ...well(), pid: 5 });
  await shows(page, 5);
  assertEquals(await page.evaluate("said"), ["Warning: no notes for 7 s", "All is well"]);
});

browserTest(
  "no answer: the last state stays, with its age",
  async (browser) => {
    const lab = await serveStatus(well());
    const { page } = await openPage(browser, lab.url, phone);
    await page.locator("h1", { hasText: "All is well" }).waitFor();
    await lab.close();
    await page.locator("h1", { hasText: "No answer" }).waitFor({ timeout: 10_000 });
    const [silent] = await page.locator(".silent").allInnerTexts();
    assertMatch(silent, /^No answer for \d+ s; this is as of \d\d:\d\d:\d\d\.$/);
    assertEquals(await page.title(), "? No answer – server-2");
    assertEquals(await page.locator("[role=status]").textContent(), "No answer");
    assertEquals(await page.locator(".nodes tbody tr").count(), 3);
    await page.evaluate(axe.source);
    assertEquals(await axeFinds(page), []);
    await using _again = await serveStatus(well(), Number(new URL(lab.url).port));
    await page.locator("h1", { hasText: "All is well" }).waitFor({ timeout: 10_000 });
  },
);

browserTest(
  "ages go by the node's clock, and a new version is told",
  async (browser) => {
    await using lab = await serveStatus(well());
    const page = await browser.newPage();
    await page.addInitScript("const now = Date.now; Date.now = () => now() - 3_600_000");
    await page.goto(lab.url);
    await page.locator(".card", { hasText: "seen 9 min ago" }).waitFor();
    assertEquals(await page.locator(".other-version").count(), 0);
    lab.tell({ ...well(), version: "9.9.9" });
    await page.locator(".other-version", { hasText: "9.9.9" }).waitFor();
  },
);
