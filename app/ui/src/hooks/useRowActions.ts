import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { storeContent } from '../api/contentCache';
import { createContent, exportContent, getContent } from '../api/contents';
import { messageOf } from '../api/errors';
import { generateAgain } from '../api/generation';
import type { Content } from '../api/types';
import { useNotices } from '../contexts/notices';
import { copyFormatted } from '../lib/clipboard';
import { copyOf } from '../lib/copyOf';
import type { ExportFormat } from '../lib/exportFormats';
import { newId } from '../lib/tabId';
import type { BulkActions } from './useBulkActions';

/** What is done with one text of the library; a list may hold only the beginning of a long one, so it is asked for first. */
export function useRowActions({ change }: BulkActions) {
  const queries = useQueryClient();
  const notices = useNotices();
  const navigate = useNavigate();
  const [busy, setBusy] = useState<string | null>(null);

  const act = async ({ id }: Content, what: () => Promise<unknown>) => {
    setBusy(id);
    try {
      await what();
    } catch (error) {
      notices.show({ text: messageOf(error) });
    } finally {
      setBusy(null);
    }
  };

  return {
    /** The id of the text with which something is being done. */
    busy,
    again: (content: Content) => void act(content, async () => storeContent(queries, await generateAgain(content.id))),
    copy: (content: Content) => void act(content, async () => notices.show({ text: await copied(content.id) })),
    exportAs: (content: Content, format: ExportFormat) => void act(content, () => exportContent(content.id, format)),
    duplicate: (content: Content) =>
      void act(content, async () => {
        const copy = await createContent(copyOf(await getContent(content.id)), newId());
        storeContent(queries, copy);
        await navigate(`/contents/${copy.id}`);
        notices.show({ text: 'This is the copy.' });
      }),
    trash: (content: Content) => void act(content, () => change([content.id], 'trash')),
  };
}

export type RowActions = ReturnType<typeof useRowActions>;

/** Copies a text with its formatting; returns what to say. */
async function copied(id: string): Promise<string> {
  const { generatedText, title } = await getContent(id);
  const { renderedText } = await import('../components/detail/renderedText');
  const { html, plain } = await renderedText(generatedText, title);
  return copyFormatted(html, plain).then(
    () => 'Copied with its formatting.',
    () => 'Your browser did not allow copying.',
  );
}
