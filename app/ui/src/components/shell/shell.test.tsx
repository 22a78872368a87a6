import { onlineManager } from '@tanstack/react-query';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';

import type { Content } from '../../api/types';
import { NoticesProvider } from '../../contexts/NoticesProvider';
import { useNotices } from '../../contexts/notices';
import { exampleContent, examplePage } from '../../test/examples';
import { fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';
import { Layout } from '../Layout';

function Page() {
  const notices = useNotices();
  return (
    <Layout>
      <button type="button" onClick={() => notices.show({ text: 'Saved.', action: { label: 'Undo', run: () => undefined } })}>
        Save
      </button>
    </Layout>
  );
}

const page = (
  <NoticesProvider>
    <Page />
  </NoticesProvider>
);

/** The opened palette with the text "Balcony tomatoes", after `typed` was pasted; `answer` gives the texts found for that. */
async function paletteAfterPasting(typed: string) {
  let answer: (found: Response) => void = () => undefined;
  const results = new Promise<Response>((resolve) => (answer = resolve));
  fakeServer({ 'GET /api/content': ({ query }) => (query.get('q') === typed ? results : success(examplePage([exampleContent()]))) });
  const { router } = renderPage(page, { at: '/contents' });
  await userEvent.keyboard('{Control>}k{/Control}');
  await screen.findByRole('option', { name: /Balcony tomatoes/ });
  await userEvent.click(screen.getByRole('combobox'));
  await userEvent.paste(typed);
  return { router, answer: (found: Content[]) => answer(success(examplePage(found))) };
}

afterEach(() => {
  vi.useRealTimers();
  onlineManager.setOnline(true);
});

test('the palette finds texts and pages, supports the arrow keys, and opens the choice', async () => {
  const server = fakeServer({ 'GET /api/content': () => success(examplePage([exampleContent()])) });
  const { router } = renderPage(page, { at: '/contents' });
  await userEvent.keyboard('{Control>}k{/Control}');
  const field = await screen.findByRole('combobox', { name: 'Search texts or do something' });
  await userEvent.type(field, 'tomat');
  await screen.findByRole('option', { name: /Balcony tomatoes/ });
  await waitFor(() => expect(server.calls.at(-1)?.query.get('q')).toBe('tomat'));
  await userEvent.keyboard('{ArrowDown}{ArrowUp}{Enter}');
  expect(router.state.location.pathname).toBe('/contents/content-1');
  expect(screen.queryByRole('combobox')).toBeNull();
});

test('Enter opens nothing that an earlier search found while the current one is running', async () => {
  const { router, answer } = await paletteAfterPasting('basil');
  await userEvent.keyboard('{Enter}');
  expect(router.state.location.pathname).toBe('/contents');
  expect(screen.getByText('Searching…')).toBeVisible();

  answer([exampleContent({ id: 'content-2', title: 'Basil' })]);
  await screen.findByRole('option', { name: /Basil/ });
  await userEvent.keyboard('{Enter}');
  expect(router.state.location.pathname).toBe('/contents/content-2');
});

test('Enter runs nothing else when new results come without the chosen one', async () => {
  const { router, answer } = await paletteAfterPasting('templates');
  await userEvent.keyboard('{ArrowDown}');
  expect(screen.getByRole('option', { name: /Balcony tomatoes/ })).toHaveAttribute('aria-selected', 'true');

  answer([]);
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  await userEvent.keyboard('{Enter}');
  expect(router.state.location.pathname).toBe('/contents');
  await userEvent.keyboard('{Enter}');
  expect(router.state.location.pathname).toBe('/templates');
});

test('while offline, the palette says so and still opens pages', async () => {
  fakeServer({ 'GET /api/content': () => success(examplePage([exampleContent()])) });
  const { router } = renderPage(page, { at: '/contents' });
  await userEvent.keyboard('{Control>}k{/Control}');
  await screen.findByRole('option', { name: /Balcony tomatoes/ });
  act(() => onlineManager.setOnline(false));
  await userEvent.click(screen.getByRole('combobox'));
  await userEvent.paste('templates');
  expect(await screen.findByText("You're offline: texts cannot be searched.")).toBeVisible();
  await userEvent.keyboard('{Enter}');
  expect(router.state.location.pathname).toBe('/templates');
});

test('single keys work outside of fields, until they are turned off', async () => {
  const { router } = renderPage(page, { at: '/contents' });
  await userEvent.keyboard('?');
  const toggle = await screen.findByRole('checkbox', { name: 'Single keys work' });
  await userEvent.click(toggle);
  await userEvent.click(screen.getByRole('button', { name: 'Close' }));
  await userEvent.keyboard('n');
  expect(router.state.location.pathname).toBe('/contents');
  localStorage.clear();
  await userEvent.keyboard('n');
  expect(router.state.location.pathname).toBe('/contents/new');
});

test('single keys do nothing while someone types in a field, even if the field disappears meanwhile', () => {
  const { router } = renderPage(page, { at: '/contents' });
  const press = (target: Element, at: number) => {
    const event = new KeyboardEvent('keydown', { key: 'n', bubbles: true });
    Object.defineProperty(event, 'timeStamp', { value: at });
    act(() => void target.dispatchEvent(event));
    return router.state.location.pathname;
  };
  const field = document.body.appendChild(document.createElement('textarea'));
  expect(press(field, 5_000)).toBe('/contents');
  field.remove();
  expect(press(document.body, 5_900)).toBe('/contents');
  expect(press(document.body, 6_800)).toBe('/contents');
  expect(press(document.body, 7_800)).toBe('/contents/new');
});

test('F6 leads to a notice and back, and so does its button', async () => {
  renderPage(page, { at: '/contents' });
  const save = screen.getByRole('button', { name: 'Save' });
  await userEvent.click(save);
  await userEvent.keyboard('{F6}');
  expect(screen.getByRole('button', { name: 'Undo' })).toHaveFocus();
  await userEvent.keyboard('{F6}');
  expect(save).toHaveFocus();
  await userEvent.keyboard('{F6}{Enter}');
  expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  expect(save).toHaveFocus();
});

test('a notice stays while it has the focus, whatever the pointer does and however many others come', () => {
  vi.useFakeTimers();
  renderPage(page, { at: '/contents' });
  const save = () => fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  const later = () => act(() => void vi.advanceTimersByTime(60_000));
  save();
  const undo = screen.getByRole('button', { name: 'Undo' });
  act(() => undo.focus());
  fireEvent.pointerEnter(undo);
  fireEvent.pointerLeave(undo);
  later();
  for (let times = 0; times < 4; times += 1) save();
  expect(undo).toHaveFocus();
  expect(screen.getAllByText('Saved.')).toHaveLength(3);

  act(() => undo.blur());
  later();
  expect(screen.queryByText('Saved.')).toBeNull();
});
