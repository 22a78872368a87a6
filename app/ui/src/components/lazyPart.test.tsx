import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { lazyPart } from './lazyPart';
import { PartsBoundary } from './PartsBoundary';

const part = { default: ({ name }: { name: string }) => <p>{`Hello ${name}`}</p> };

/** A part that cannot be loaded until `arrives` is called. */
function missingPart() {
  let isMissing = true;
  return {
    load: () => (isMissing ? Promise.reject(new Error('gone')) : Promise.resolve(part)),
    arrives: () => {
      isMissing = false;
    },
  };
}

function show(load: () => Promise<typeof part>) {
  const Part = lazyPart(load);
  render(
    <PartsBoundary fallback={<p>loading</p>}>
      <p>The rest</p>
      <Part name="Ada" />
    </PartsBoundary>,
  );
}

test('a loaded part is shown with its props', async () => {
  show(() => Promise.resolve(part));
  expect(await screen.findByText('Hello Ada')).toBeVisible();
});

test('a part that cannot be loaded breaks only itself, and can be tried again', async () => {
  const missing = missingPart();
  show(missing.load);
  expect(await screen.findByRole('alert')).toHaveTextContent('This page could not be loaded');
  expect(screen.getByText('The rest')).toBeVisible();
  missing.arrives();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Hello Ada')).toBeVisible();
});

test('a part that could not be loaded is loaded when the network is back', async () => {
  const missing = missingPart();
  show(missing.load);
  await screen.findByRole('alert');
  missing.arrives();
  // Repeated, because the listener is added shortly after the alert appears.
  await waitFor(() => {
    fireEvent(window, new Event('online'));
    expect(screen.getByText('Hello Ada')).toBeVisible();
  });
});
