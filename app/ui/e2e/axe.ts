import { expect, type Page } from '@playwright/test';
import axe from 'axe-core';

declare global {
  interface Window {
    axe?: typeof axe;
    withoutTransitions?: CSSStyleSheet;
  }
}

/** Each colour scheme and each layout is checked once, because they do not depend on each other. */
const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 320 },
] as const;

/** Checks the page in both looks. It begins with the current one and ends in the other: switching takes longer than axe. */
export async function check(page: Page, what: string): Promise<void> {
  const isNarrow = (page.viewportSize()?.width ?? 0) < 800;
  for (const { colorScheme, width } of isNarrow ? [...LOOKS].reverse() : LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await checkAsItLooks(page, `${what}, ${colorScheme}, ${width} pixels wide`);
  }
}

export async function checkAsItLooks(page: Page, what: string): Promise<void> {
  await page.evaluate(settle);
  // The script is large, so it is loaded only once per page.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  expect.soft(await page.evaluate(found), what).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(overflow, `${what}: wider than the window`).toBeLessThanOrEqual(0);
}

/** Returns one line for each violated rule. Only these lines are returned from the page: the full result of axe is far larger. */
async function found(): Promise<string[]> {
  const results = await window.axe?.run(document, { resultTypes: ['violations'], preload: false });
  if (results === undefined) throw new Error('axe is not in the page');
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

/** Ends transitions and animations, now and later, because axe measures colours. */
function settle(): void {
  for (const animation of document.getAnimations()) if (animation.effect?.getTiming().iterations === 1) animation.finish();
  if (window.withoutTransitions) return;
  window.withoutTransitions = new CSSStyleSheet();
  window.withoutTransitions.replaceSync('*, ::before, ::after { transition: none !important }');
  document.adoptedStyleSheets.push(window.withoutTransitions);
}
