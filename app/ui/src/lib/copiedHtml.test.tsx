import { render } from '@testing-library/react';
import { expect, test } from 'vitest';

import MarkdownText from '../components/MarkdownText';
import { copiedHtml } from './copiedHtml';

test('a copied text has its elements and links, and nothing of our page', () => {
  const { container } = render(<MarkdownText text={'## Sun\n\nA **bold** [link](https://example.org)\n\n- [x] done\n\n| a |\n|---|\n| 1 |'} />);
  const html = copiedHtml(container.querySelector('.prose') ?? container);
  expect(html).toContain('<h2>Sun</h2>');
  expect(html).toContain('<strong>bold</strong> <a href="https://example.org">link</a>');
  expect(html).toContain('☑');
  expect(html).toContain('<td>1</td>');
  expect(html).not.toMatch(/class=|id=|tabindex|svg|target/);
});
