import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { contentKeys } from '../../api/contentCache';
import type { RewriteRequest } from '../../api/rewrites';
import type { Content } from '../../api/types';
import { useEditorRewriting } from '../../hooks/useEditorRewriting';
import { useRewriting } from '../../hooks/useRewriting';
import { exampleContent } from '../../test/examples';
import { fakeEditor } from '../../test/fakeEditor';
import { fakeServer, success } from '../../test/fakeServer';
import { renderPage } from '../../test/renderPage';
import type { EditorHandle } from '../editor/handle';
import { openRewriteMenu } from './openRewriteMenu';
import { SelectionRewriting } from './SelectionRewriting';

const PATH = '/api/content/content-1';
const TEXT = '🍅 Bees dance. Bees sing.';

interface PageProps {
  content: Content;
  editor: EditorHandle;
  saver: { saveNow: () => Promise<void>; receive: () => void };
}

function Page({ content, editor, saver }: PageProps) {
  const rewriting = useRewriting(content);
  useEditorRewriting(content.id, rewriting, editor, saver);
  return <SelectionRewriting editor={editor} rewriting={rewriting} />;
}

function open(replacement = 'hum') {
  const content = exampleContent({ generationStatus: 'completed', generatedText: TEXT, revision: 4 });
  const editor = fakeEditor(TEXT);
  const saveNow = vi.fn(() => Promise.resolve());
  const server = fakeServer({
    [`GET ${PATH}`]: () => success(content),
    [`POST ${PATH}/rewrites`]: () => success({ id: 'r1', status: 'pending' }, 202),
    [`GET ${PATH}/rewrites/r1`]: () => success({ id: 'r1', status: 'completed', replacement, failureReason: null }),
    [`POST ${PATH}/rewrites/r1/accept`]: () => success({ ...content, generatedText: TEXT.replace('sing', replacement), revision: 5 }),
  });
  const saver = { saveNow, receive: vi.fn() };
  const { queries } = renderPage(<Page content={content} editor={editor.handle} saver={saver} />);
  queries.setQueryData(contentKeys.detail(content.id), content);
  const asked = () => server.callsTo(`POST ${PATH}/rewrites`).map(({ body }) => body as RewriteRequest);
  return { editor, server, asked, saveNow };
}

const result = () => screen.findByRole('region', { name: /^Suggestion:/ });

afterEach(() => document.querySelector('textarea')?.remove());

describe('selected words', () => {
  test('can be rewritten: unsaved changes are saved first, and the diff is shown', async () => {
    const { editor, asked, saveNow } = open();
    editor.select(' sing');
    await userEvent.click(await screen.findByRole('button', { name: 'Shorter' }));
    expect(await result()).toHaveFocus();
    expect(saveNow).toHaveBeenCalled();
    expect(asked()).toEqual([{ action: 'shorten', start: 19, end: 23, quote: 'sing' }]);
    expect(editor.handle.marks()).toMatchObject([{ kind: 'rewrite', label: 'Shorter' }]);
    await waitFor(() => expect(screen.getByRole('button', { name: 'Accept' })).toHaveFocus());
    expect(editor.handle.text()).toBe(TEXT);
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(editor.handle.text()).toBe(TEXT.replace('sing', 'hum')));
    expect(editor.field).toHaveFocus();
    expect(editor.handle.marks()).toEqual([]);
  });

  test('are worked with the keyboard alone, down to a tone', async () => {
    const { editor, asked } = open();
    editor.select('sing');
    await userEvent.keyboard('{Control>}.{/Control}');
    const menu = await screen.findByRole('menu', { name: 'Rewrite' });
    expect(within(menu).getByRole('menuitem', { name: 'Shorter' })).toHaveFocus();
    await userEvent.keyboard('c{ArrowRight}');
    expect(await screen.findByRole('menuitem', { name: 'Friendly' })).toHaveFocus();
    await userEvent.keyboard('{Escape}');
    await screen.findByRole('menu', { name: 'Rewrite' });
    await userEvent.keyboard('{End}{ArrowUp}{Enter}');
    await userEvent.keyboard('{End}{Home}{ArrowDown}{Enter}');
    await result();
    expect(asked()[0]).toMatchObject({ action: 'translate', language: 'en-GB' });
  });

  test('can be changed in one’s own words', async () => {
    const { editor, asked } = open();
    editor.select('sing');
    await userEvent.click(await screen.findByRole('button', { name: 'More…' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Own words…' }));
    await userEvent.type(screen.getByLabelText('What should change?'), 'As a question{Enter}');
    await result();
    expect(asked()[0]).toMatchObject({ action: 'custom', instruction: 'As a question' });
  });

  test('stay as they are when the suggestion is discarded, and the focus goes back to them', async () => {
    const { editor, server } = open();
    editor.select('sing');
    await userEvent.click(await screen.findByRole('button', { name: 'Longer' }));
    await result();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('region', { name: /^Suggestion/ })).toBeNull();
    expect(editor.field).toHaveFocus();
    expect(server.calls.filter(({ path }) => path.endsWith('/accept'))).toEqual([]);
    expect(editor.handle.marks()).toEqual([]);
  });

  test('that need no change are said to need none', async () => {
    const { editor } = open('sing');
    editor.select('sing');
    await userEvent.click(await screen.findByRole('button', { name: 'Simpler' }));
    expect(await screen.findByText('Nothing to change here.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Accept' })).toBeNull();
  });

  test('are asked for when there are none', () => {
    open();
    openRewriteMenu();
    expect(screen.queryByRole('menu')).toBeNull();
  });
});
