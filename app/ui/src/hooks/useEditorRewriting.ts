import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { contentKeys } from '../api/contentCache';
import { getContent } from '../api/contents';
import type { Content } from '../api/types';
import type { EditorHandle } from '../components/editor/handle';
import type { Proposal } from '../lib/proposals';
import type { RewritingOfPage } from './useRewriting';

export const REWRITE_MARK = 'rewrite';

/** The part of lib/textSaver that is needed here. */
interface Saver {
  saveNow: () => Promise<unknown>;
  receive: (content: Content) => void;
}

/** Connects rewrites to an open editor: their passages are marked and move with edits, and accepting one can be undone. */
export function useEditorRewriting(id: string, { rewriting, proposals, attach }: RewritingOfPage, editor: EditorHandle | null, saver: Saver): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!editor) return;
    rewriting.textIs(editor.text());
    const detach = attach({
      flush: async () => {
        await saver.saveNow();
        return queries.getQueryData<Content>(contentKeys.detail(id)) ?? getContent(id);
      },
      accepted: (content, { from, to }, replacement) => {
        const text = editor.text();
        // The saver merges it with anything typed at the same moment.
        if (text.slice(0, from) + replacement + text.slice(to) === content.generatedText) editor.replace(from, to, replacement);
        saver.receive(content);
      },
    });
    const stop = editor.onDocChange(() => rewriting.textIs(editor.text()));
    return () => {
      stop();
      detach();
    };
  }, [editor, rewriting, attach, queries, saver, id]);

  useEffect(() => {
    if (!editor) return;
    const others = editor.marks().filter(({ kind }) => kind !== REWRITE_MARK);
    const marked = proposals.flatMap(markOf);
    if (marked.length > 0 || editor.marks().length > others.length) editor.setMarks([...others, ...marked]);
  }, [editor, proposals]);
}

function markOf({ passage, purpose }: Proposal) {
  return passage ? [{ ...passage, kind: REWRITE_MARK, label: purpose }] : [];
}
