import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { GenerationBadge } from './StatusBadge';

test.each([
  ['pending', 'Waiting'],
  ['processing', 'Writing'],
  ['completed', 'Ready'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
] as const)('a generation that is %s reads %s', (status, text) => {
  render(<GenerationBadge state={status} />);
  expect(screen.getByText(text)).toBeVisible();
});

test('a piece written by hand has no badge of a generation', () => {
  const { container } = render(<GenerationBadge state={null} />);
  expect(container).toBeEmptyDOMElement();
});

test('a badge is announced with its subject', () => {
  const { container } = render(<GenerationBadge state="completed" />);
  expect(container).toHaveTextContent('Status: Ready');
});
