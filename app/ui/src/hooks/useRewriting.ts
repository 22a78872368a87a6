import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import { contentKeys, storeContent } from '../api/contentCache';
import { getContent } from '../api/contents';
import type { Content } from '../api/types';
import type { Passage } from '../lib/passages';
import type { Proposal } from '../lib/proposals';
import { Rewriting, type RewritingHost } from '../lib/rewriting';

/** An editor with the text, which may be newer than the stored one. */
export interface EditorSide {
  /** Saves unsaved changes and returns the stored content. Rejects if that fails. */
  flush: () => Promise<Content>;
  /** Called when a replacement has been accepted into the stored text. */
  accepted: (content: Content, passage: Passage, replacement: string) => void;
}

export interface RewritingOfPage {
  rewriting: Rewriting;
  proposals: readonly Proposal[];
  /** Attaches an editor. Returns the function to detach it. */
  attach: (editor: EditorSide) => () => void;
}

/** Manages the rewrites of a content's passages while its page is open. */
export function useRewriting(content: Content): RewritingOfPage {
  const queries = useQueryClient();
  const [host] = useState(() => new PageHost(queries, content.id));
  const [rewriting] = useState(() => new Rewriting(content.id, content.generatedText, host));
  const proposals = useSyncExternalStore(rewriting.subscribe, rewriting.proposals);

  useEffect(() => {
    if (!host.hasEditor) rewriting.textIs(content.generatedText);
  }, [host, rewriting, content.generatedText]);
  useEffect(() => {
    rewriting.revive();
    return () => rewriting.dispose();
  }, [rewriting]);

  const attach = useCallback((editor: EditorSide) => host.attach(editor), [host]);
  return { rewriting, proposals, attach };
}

class PageHost implements RewritingHost {
  #editor: EditorSide | null = null;
  readonly #queries: QueryClient;
  readonly #id: string;

  constructor(queries: QueryClient, id: string) {
    this.#queries = queries;
    this.#id = id;
  }

  get hasEditor(): boolean {
    return this.#editor !== null;
  }

  attach(editor: EditorSide): () => void {
    this.#editor = editor;
    return () => {
      if (this.#editor === editor) this.#editor = null;
    };
  }

  async saved(): Promise<Content> {
    if (this.#editor) return this.#editor.flush();
    return this.#queries.getQueryData<Content>(contentKeys.detail(this.#id)) ?? (await this.reloaded());
  }

  async reloaded(): Promise<Content> {
    if (this.#editor) await this.#editor.flush();
    const content = await getContent(this.#id);
    storeContent(this.#queries, content);
    return content;
  }

  accepted(content: Content, passage: Passage, replacement: string): void {
    this.#editor?.accepted(content, passage, replacement);
    storeContent(this.#queries, content);
  }
}
