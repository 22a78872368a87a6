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

export async function checkAsItLooks(page: Page, what: string): Promise<void> {
  await page.evaluate(settled);
  // The pages have no frames, so axe needs no page of its own to put results of several frames together.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'], preload: false });
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  expect.soft(found, what).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(overflow, `${what}: wider than the window`).toBeLessThanOrEqual(0);
}

/**
 * Ends what fades, because colours are measured. What inherits a colour begins to fade when its parent has ended, so it
 * takes a frame for each level.
 */
async function settled(): Promise<void> {
  const fading = () => document.getAnimations().filter((animation) => animation.effect?.getTiming().iterations === 1);
  for (let frames = 0; frames < 100 && fading().length > 0; frames += 1) {
    for (const animation of fading()) animation.finish();
    await new Promise(requestAnimationFrame);
  }
}
