import type { Ref } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

import { rehypeHeadingLevels, safeAddress, TEXT_SCHEMA } from '../lib/markdown';
import { CheckedIcon, UncheckedIcon } from './icons';

const ELEMENTS: Components = {
  a: ({ href, children }) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  // Loading an image would tell its owner who reads the text, and when.
  img: ({ alt }) => <span className="blocked-image">Image{alt ? `: ${alt}` : ''}</span>,
  input: ({ checked }) => (
    <>
      {checked ? <CheckedIcon className="task-mark" /> : <UncheckedIcon className="task-mark" />}
      <span className="sr-only">{checked ? 'Done: ' : 'To do: '}</span>
    </>
  ),
  table: ({ children }) => (
    // A wide table scrolls by itself, also with the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table>{children}</table>
    </div>
  ),
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
};

/** A Markdown text as elements of the page: no HTML of its own, no scripts, no images, only harmless links. */
export default function MarkdownText({ text, ref }: { text: string; ref?: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} className="prose">
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[[rehypeSanitize, TEXT_SCHEMA], rehypeHeadingLevels]}
        urlTransform={safeAddress}
        components={ELEMENTS}
      >
        {text}
      </Markdown>
    </div>
  );
}
