import type { Page } from '@playwright/test';

/** Wraps every current and future text of the page in the same way as Chrome's translation. */
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
    // The app's own text node is removed from the page.
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
