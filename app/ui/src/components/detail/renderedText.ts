import { createElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

import { copiedHtml } from '../../lib/copiedHtml';
import { loadPart } from '../../lib/loadPart';
import { plainTextOf } from '../../lib/plainText';

/** Returns a text as HTML and as plain text, for other programs. Throws if the renderer cannot be loaded. */
export async function renderedText(text: string, title: string): Promise<{ html: string; plain: string }> {
  const { default: MarkdownText } = await loadPart(() => import('../MarkdownText'));
  const place = document.createElement('div');
  const root = createRoot(place);
  flushSync(() => root.render(createElement(MarkdownText, { text, title })));
  const article = place.firstElementChild ?? place;
  const rendered = { html: copiedHtml(article), plain: plainTextOf(article) };
  root.unmount();
  return rendered;
}
