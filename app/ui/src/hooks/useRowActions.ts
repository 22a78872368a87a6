import { useQueryClient } from '@tanstack/react-query';

import { storeContent } from '../api/contentCache';
import { createContent, exportContent, getContent } from '../api/contents';
import type { Content } from '../api/types';
import { useNotices } from '../contexts/notices';
import { copyFormatted } from '../lib/clipboard';
import { copyOf } from '../lib/copyOf';
import type { ExportFormat } from '../lib/exportFormats';
import { newId } from '../lib/tabId';
import { useGoOn } from './useGoOn';
import { useTurns } from './useTurns';

/** The actions on one text of the library. The list may contain only the beginning of a long text, so the text is fetched first. */
export function useRowActions({ id }: Pick<Content, 'id'>) {
  const queries = useQueryClient();
  const goOn = useGoOn();
  const notices = useNotices();
  const { busy, next } = useTurns<true>();
  const act = (what: () => Promise<unknown>) => void next(true, what);
  return {
    isBusy: busy !== null,
    copy: () => act(async () => notices.show({ text: await copied(id) })),
    exportAs: (format: ExportFormat) => act(() => exportContent(id, format)),
    duplicate: () =>
      act(async () => {
        const copy = await createContent(copyOf(await getContent(id)), newId());
        storeContent(queries, copy);
        if (await goOn(`/contents/${copy.id}`, { subject: copy.title, text: 'was made.', label: 'Open it' })) notices.show({ text: 'This is the copy.' });
      }),
  };
}

/** Copies a text with its formatting; returns the notice to show. */
async function copied(id: string): Promise<string> {
  const { generatedText, title } = await getContent(id);
  const { renderedText } = await import('../components/detail/renderedText');
  const { html, plain } = await renderedText(generatedText, title);
  return copyFormatted(html, plain).then(
    () => 'Copied with its formatting.',
    () => 'Your browser did not allow copying.',
  );
}
