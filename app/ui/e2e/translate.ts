import type { Page } from '@playwright/test';

/** From now on every text of the page is wrapped as Chrome's translation does it, and so is every text that comes later. */
export async function translate(page: Page): Promise<void> {
  await page.addInitScript(wrapTexts);
  await page.evaluate(wrapTexts);
}

function wrapTexts(): void {
  const tag = 'font' as string;
  const skipped = new Set(['SCRIPT', 'STYLE', 'TEXTAREA', 'TITLE', 'NOSCRIPT', 'FONT']);

  function wrap(text: Text): void {
    const parent = text.parentElement;
    if (!parent || skipped.has(parent.tagName) || parent.closest('[translate="no"]') || text.data.trim() === '') return;
    const inner = document.createElement(tag);
    inner.textContent = text.data;
    const outer = document.createElement(tag);
    outer.append(inner);
    // The text that the app made is taken out of the page altogether.
    parent.replaceChild(outer, text);
  }

  function wrapAll(): void {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    texts.forEach(wrap);
  }

  function begin(): void {
    new MutationObserver(wrapAll).observe(document.body, { childList: true, subtree: true, characterData: true });
    wrapAll();
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin);
  else begin();
}
