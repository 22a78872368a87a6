import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';

import { contentKeys, forgetContent, storeContent } from '../../api/contentCache';
import { createContent, deleteContent, exportContent, updateContent } from '../../api/contents';
import { isStatus, messageOf } from '../../api/errors';
import { changeMany } from '../../api/library';
import type { Content } from '../../api/types';
import { renderedText } from './renderedText';
import { useNotices } from '../../contexts/notices';
import { useGoOn } from '../../hooks/useGoOn';
import { useIsThere } from '../../hooks/useIsThere';
import { copyFormatted, copyText } from '../../lib/clipboard';
import { copyOf } from '../../lib/copyOf';
import type { ExportFormat } from '../../lib/exportFormats';
import { newId } from '../../lib/tabId';
import type { Writing } from '../../lib/writing';

export type CopyFormat = 'formatted' | 'plain' | 'html' | 'markdown';

const COPIED: Record<CopyFormat, string> = {
  formatted: 'Copied with its formatting.',
  plain: 'Copied as plain text.',
  html: 'Copied as HTML.',
  markdown: 'Copied as Markdown.',
};

type Deed = { do: 'final' } | { do: 'template' } | { do: 'duplicate' } | { do: 'trash' } | { do: 'export'; format: ExportFormat } | { do: 'copy'; format: CopyFormat };

/** The actions on a whole text. Unsaved changes are saved first. */
export function useTextActions(content: Content, typed: Writing, saveNow: () => Promise<unknown>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notices = useNotices();
  const goOn = useGoOn();
  const isThere = useIsThere();
  const { id } = content;

  const bringBack = () => {
    const shown = () => void queries.invalidateQueries({ queryKey: contentKeys.all });
    changeMany([id], 'untrash').then(shown, (error: unknown) => notices.show({ text: messageOf(error) }));
  };

  const deeds = {
    final: async () => {
      await saveNow();
      const isFinal = content.status === 'published';
      storeContent(queries, await updateContent(id, { status: isFinal ? 'draft' : 'published' }));
      notices.show({ text: isFinal ? 'Back to a draft.' : 'Marked as final.' });
    },
    template: async () => {
      await saveNow();
      await goOn(`/templates/new?from=${id}`, { subject: typed.title, text: 'can become a template.', label: 'Open the form' });
    },
    duplicate: async () => {
      const copy = await createContent(copyOf({ ...content, ...typed }), newId());
      storeContent(queries, copy);
      if (await goOn(`/contents/${copy.id}`, { subject: copy.title, text: 'was made.', label: 'Open it' })) notices.show({ text: 'This is the copy.' });
    },
    trash: async () => {
      await saveNow().catch(() => undefined);
      // Another tab has already deleted it.
      await deleteContent(id).catch((error: unknown) => isStatus(error, 404) || Promise.reject(error as Error));
      if (isThere()) await navigate('/contents');
      forgetContent(queries, id);
      notices.show({ subject: typed.title, text: 'was moved to the trash.', action: { label: 'Undo', run: bringBack } });
    },
    export: async (format: ExportFormat) => {
      await saveNow();
      await exportContent(id, format);
    },
    copy: async (format: CopyFormat) => {
      const copied = await copyAs(format, typed).catch(() => false);
      notices.show({ text: copied === false ? 'Your browser did not allow copying.' : COPIED[format] });
    },
  };

  return useMutation({
    mutationKey: contentKeys.deeds(id),
    mutationFn: (deed: Deed) => (deed.do === 'export' || deed.do === 'copy' ? deeds[deed.do](deed.format as never) : deeds[deed.do]()),
    onError: (error) => notices.show({ text: messageOf(error) }),
  });
}

async function copyAs(format: CopyFormat, { generatedText, title }: Writing): Promise<void> {
  if (format === 'markdown') return copyText(generatedText);
  const { html, plain } = await renderedText(generatedText, title);
  if (format === 'formatted') return copyFormatted(html, plain);
  return copyText(format === 'html' ? html : plain);
}
