// Every place of the panel, as its side shows it: a page that is added there is looked at by whoever uses this.

/** Addresses of all places that this user sees; the side must be there, so the window must be wide. */
export function places(page) {
  return page.locator("nav[data-places] a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
}

/** Waits until a page stands: its heading is there, and nothing is loading any more. */
export async function stands(page) {
  await page.waitForSelector("main h1", { state: "attached" });
  await page.waitForFunction(() => !document.querySelector("main [role=status][class*=skeleton]"));
  await page.waitForTimeout(250);
}
