import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { RenderedText } from './RenderedText';

test('a text is formatted, and so is the one that replaces it', async () => {
  const { rerender } = render(<RenderedText title="A title" text="Some *soft* words" />);
  expect(await screen.findByText('soft')).toBeVisible();
  rerender(<RenderedText title="A title" text="Some **loud** words" />);
  expect(await screen.findByText('loud')).toBeVisible();
  expect(screen.queryByText('soft')).toBeNull();
});

test('a text that would take the browser minutes is not tried', () => {
  const { container } = render(<RenderedText title="A title" text={'>'.repeat(5_000)} />);
  expect(container).toHaveTextContent('>'.repeat(5_000));
});
