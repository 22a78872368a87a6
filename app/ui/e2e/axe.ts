import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/** Each colour scheme and each layout once: neither depends on the other. */
const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 360 },
] as const;

/** Checks both looks, and leaves the page in the one it did not have: to change between them costs more than axe does. */
export async function check(page: Page, what: string): Promise<void> {
  const isNarrow = (page.viewportSize()?.width ?? 0) < 800;
  for (const { colorScheme, width } of isNarrow ? [...LOOKS].reverse() : LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await checkAsItLooks(page, `${what}, ${colorScheme}, ${width} pixels wide`);
  }
}

export async function checkAsItLooks(page: Page, what: string): Promise<void> {
  await page.evaluate(settled);
  // It is large, and stays in the page until the next one is loaded.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  expect.soft(await page.evaluate(found), what).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(overflow, `${what}: wider than the window`).toBeLessThanOrEqual(0);
}

/** What axe finds, a line for each rule that is broken. Only this leaves the page: all that axe says is far more. */
async function found(): Promise<string[]> {
  const results = await window.axe?.run(document, { resultTypes: ['violations'], preload: false });
  if (results === undefined) throw new Error('axe is not in the page');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
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
