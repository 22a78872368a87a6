import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { RenderedText } from './RenderedText';

vi.mock('../MarkdownText', () => ({
  default: ({ text }: { text: string }) => {
    if (text.includes('too deep')) throw new RangeError('Maximum call stack size exceeded');
    return <p>{text.replaceAll('*', '')}</p>;
  },
}));

test('a text is formatted', async () => {
  render(<RenderedText text="Some *soft* words" />);
  expect(await screen.findByText('Some soft words')).toBeVisible();
});

test('a text that breaks the formatting is shown as it is, and the next one is formatted again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { rerender } = render(<RenderedText text="*too deep*" />);
  expect(await screen.findByText('*too deep*')).toBeVisible();
  rerender(<RenderedText text="*fine*" />);
  expect(await screen.findByText('fine')).toBeVisible();
});

test('a text that would take the browser minutes is not tried', () => {
  const { container } = render(<RenderedText text={'>'.repeat(5_000)} />);
  expect(container).toHaveTextContent('>'.repeat(5_000));
});
