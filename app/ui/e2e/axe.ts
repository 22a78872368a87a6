import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Each colour scheme and each layout once: neither depends on the other. */
const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 360 },
] as const;

export async function check(page: Page, what: string): Promise<void> {
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await checkAsItLooks(page, `${what}, ${colorScheme}, ${width} pixels wide`);
  }
}

/** What looks at the page. The pages have no frames: axe needs no page of its own to put results of several together. */
function axeIn(page: Page, isThere: boolean): AxeBuilder {
  // Its half megabyte of script is read once a page, and what is in order is not described.
  const axe = isThere ? new AxeBuilder({ page, axeSource: ';' }) : new AxeBuilder({ page });
  return axe.setLegacyMode().options({ resultTypes: ['violations'], preload: false });
}

export async function checkAsItLooks(page: Page, what: string): Promise<void> {
  // Colours are measured: nothing may still be fading in.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
  });
  const { violations } = await axeIn(page, await page.evaluate(() => 'axe' in window)).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  expect.soft(found, what).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(overflow, `${what}: wider than the window`).toBeLessThanOrEqual(0);
}
