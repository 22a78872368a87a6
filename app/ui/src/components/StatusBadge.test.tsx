import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { GenerationBadge, StatusBadge } from './StatusBadge';

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

test.each([
  ['draft', 'Draft'],
  ['published', 'Published'],
] as const)('a piece that is %s reads %s', (status, text) => {
  render(<StatusBadge status={status} />);
  expect(screen.getByText(text)).toBeVisible();
});

test('badges are read out with what they are about', () => {
  const { container } = render(
    <>
      <GenerationBadge state="completed" />
      <StatusBadge status="draft" />
    </>,
  );
  expect(container).toHaveTextContent('Status: ReadyPublication: Draft');
});
