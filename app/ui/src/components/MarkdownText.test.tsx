import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { plainTextOf } from '../lib/plainText';
import MarkdownText from './MarkdownText';

function show(text: string): HTMLElement {
  return render(<MarkdownText text={text} />).container;
}

test.each([
  ['a script', '<script>window.hacked = true</script>'],
  ['an event handler', '<img src=x onerror="window.hacked = true">'],
  ['a frame', '<iframe src="https://evil.example"></iframe>'],
  ['a form', '<form action="https://evil.example"><input name=a></form>'],
  ['a style', '<style>* { display: none }</style>'],
  ['a drawing with a handler', '<svg onload="window.hacked = true"><circle/></svg>'],
  ['a remote image', '![pixel](https://evil.example/pixel.png)'],
  ['an image in the text', '![x](data:image/svg+xml;base64,PHN2Zy8+)'],
  ['an image by reference', '![pixel][p]\n\n[p]: https://evil.example/pixel.png'],
])('%s leaves nothing in the page that runs or loads', (_, text) => {
  const page = show(`before\n\n${text}\n\nafter`);
  expect(page.querySelector('script, img, iframe, form, style, svg, object, embed, link, video, audio, input')).toBeNull();
  const attributes = Array.from(page.querySelectorAll('*'), (element) => element.getAttributeNames()).flat();
  expect(attributes.filter((name) => /^(?:on\w+|src|srcset|style|background)$/.test(name))).toEqual([]);
  expect(page).toHaveTextContent('after');
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  '&#106;avascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'file:///etc/passwd',
  '//evil.example',
  '/api/auth/logout',
])('the address %s becomes no link', (address) => {
  show(`[click](<${address}>)`);
  expect(screen.queryByRole('link')).toBeNull();
});

test.each(['https://example.org/a?b=c', 'http://example.org', 'mailto:ada@example.com'])(
  'a link to %s opens apart and tells its target nothing',
  (address) => {
    show(`[click](${address})`);
    const link = screen.getByRole('link', { name: 'click' });
    expect(link).toHaveAttribute('href', address);
    expect(link).toHaveAttribute('target', '_blank');
    expect(link.getAttribute('rel')).toContain('noopener');
  },
);

test('an image is shown as its description', () => {
  show('![a red bicycle](https://evil.example/bicycle.png)');
  expect(screen.getByText('Image: a red bicycle')).toBeVisible();
});

test("headings begin below the page's own title and skip no level", () => {
  const page = show('# One\n\n#### Two\n\n# Three\n\n## Four');
  const levels = Array.from(page.querySelectorAll('h1, h2, h3, h4, h5, h6'), (heading) => heading.tagName);
  expect(levels).toEqual(['H2', 'H3', 'H2', 'H3']);
});

test('tables, lists and tasks of a text are elements of their kind', () => {
  show('| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open');
  expect(screen.getByRole('cell', { name: '2' })).toBeVisible();
  expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['Done:  done', 'To do:  open']);
});

test('the plain text has paragraphs and lists, and no Markdown', () => {
  const page = show('# Title\n\nSome **bold** and [a link](https://example.org).\n\n- one\n- two\n  - inner\n\n3. three\n4. four\n\n```\ncode  here\n```');
  expect(plainTextOf(page.firstElementChild ?? page)).toBe(
    'Title\n\nSome bold and a link (https://example.org).\n\n• one\n• two\n  • inner\n\n3. three\n4. four\n\ncode  here',
  );
});
