import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { ErrorBoundary } from './ErrorBoundary';

function TooDeep(): never {
  throw new RangeError('Maximum call stack size exceeded');
}

test('a part that fails to render is replaced, and the rest stays', () => {
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
