import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { ErrorBoundary } from './ErrorBoundary';

function TooDeep(): never {
  throw new RangeError('Maximum call stack size exceeded');
}

test('what breaks while it is drawn is replaced, and what is around it stays', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  render(
    <>
      <button type="button">Delete</button>
      <ErrorBoundary fallback={<p>As it is</p>}>
        <TooDeep />
      </ErrorBoundary>
    </>,
  );
  expect(screen.getByText('As it is')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Delete' })).toBeVisible();
});
