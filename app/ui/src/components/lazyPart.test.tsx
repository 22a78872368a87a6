import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Suspense } from 'react';
import { expect, test, vi } from 'vitest';

import { lazyPart } from './lazyPart';

vi.mock('../lib/loadPart', () => ({ loadPart: (load: () => Promise<unknown>) => load() }));

const part = { default: ({ name }: { name: string }) => <p>{`Hello ${name}`}</p> };

function show(load: () => Promise<typeof part>) {
  const Part = lazyPart(load);
  render(
    <Suspense fallback={<p>loading</p>}>
      <p>The rest</p>
      <Part name="Ada" />
    </Suspense>,
  );
}

test('a part that is loaded is shown with what it was given', async () => {
  show(() => Promise.resolve(part));
  expect(await screen.findByText('Hello Ada')).toBeVisible();
});

test('a part that cannot be loaded breaks only itself, and can be tried again', async () => {
  const load = vi.fn<() => Promise<typeof part>>().mockRejectedValueOnce(new Error('gone')).mockResolvedValue(part);
  show(load);
  expect(await screen.findByRole('alert')).toHaveTextContent('This page could not be loaded');
  expect(screen.getByText('The rest')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Hello Ada')).toBeVisible();
});

test('a part that cannot be loaded comes by itself with the network', async () => {
  const load = vi.fn<() => Promise<typeof part>>().mockRejectedValueOnce(new Error('gone')).mockResolvedValue(part);
  show(load);
  await screen.findByRole('alert');
  fireEvent(window, new Event('online'));
  expect(await screen.findByText('Hello Ada')).toBeVisible();
});
