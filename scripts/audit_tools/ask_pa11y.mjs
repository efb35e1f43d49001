// Asks pa11y about many pages in one browser. In: {"chromium": …, "pages": [{"address", "headers"}]}. Out: lists of faults.

import { text } from "node:stream/consumers";
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const AT_ONCE = 2;
const { chromium, pages } = JSON.parse(await text(process.stdin));
const browser = await puppeteer.launch({
  executablePath: chromium,
  args: ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking"],
});
const answers = new Array(pages.length);
const waiting = pages.keys();

async function work() {
  for (const number of waiting) answers[number] = await ask(pages[number]);
}

async function ask({ address, headers }) {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    // What axe cannot decide (a list with a drawn arrow) is a warning; what it finds is an error.
    const levelCapWhenNeedsReview = "warning";
    const options = { browser, page, headers, runners: ["axe", "htmlcs"], levelCapWhenNeedsReview, timeout: 60_000 };
    const { issues } = await pa11y(address, options);
    return issues.map((issue) => `${issue.code} ${issue.message} ${issue.selector} ${issue.context}`);
  } catch (error) {
    return [`pa11y could not look at it: ${error.message}`];
  } finally {
    await context.close();
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
await browser.close();
process.stdout.write(JSON.stringify(answers));
