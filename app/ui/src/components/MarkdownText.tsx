import { type MouseEvent, type ReactNode, type Ref, useMemo } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';

import { headingId, rehypeDirections, rehypeHeadings, rehypeRepeatedTitle, safeAddress, TEXT_SCHEMA } from '../lib/markdown';
import { isTooIntricate } from '../lib/markdownLimits';
import { TEXT_PLUGINS } from '../lib/markdownTree';
import { CheckedIcon, UncheckedIcon } from './icons';

const ELEMENTS: Components = {
  a: ({ href, children }) => {
    if (!href) return <span>{children}</span>;
    if (href.startsWith('#')) return <AnchorLink href={href}>{children}</AnchorLink>;
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  },
  // Loading an image would tell its owner who reads the text, and when.
  img: ({ alt }) => <span className="blocked-image">{`Image${alt ? `: ${alt}` : ''}`}</span>,
  input: ({ checked }) => (
    <span data-copy={checked ? '☑' : '☐'}>
      {checked ? <CheckedIcon className="task-mark" /> : <UncheckedIcon className="task-mark" />}
      <span className="sr-only">{checked ? 'Done: ' : 'To do: '}</span>
    </span>
  ),
  table: ({ children, dir }) => (
    // A wide table scrolls separately, also with the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table dir={dir}>{children}</table>
    </div>
  ),
  pre: ({ children }) => (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre tabIndex={0} dir="auto">
      {children}
    </pre>
  ),
};

interface MarkdownTextProps {
  text: string;
  /** The title above the text. A first line that only repeats it is hidden. */
  title?: string;
  /** The levels of the preceding headings, if this is only a part of a text. */
  headingsBefore?: readonly number[];
  ref?: Ref<HTMLDivElement>;
}

const NONE: readonly number[] = [];

/**
 * A Markdown text as elements of the page: HTML as the characters it is, no scripts, no images, only harmless links. A text
 * that is too long or too deeply nested for that is shown as it was written.
 */
export default function MarkdownText({ text, title = '', headingsBefore = NONE, ref }: MarkdownTextProps) {
  const article = useMemo(() => elementsOf(text, title, headingsBefore), [text, title, headingsBefore]);
  return (
    <div ref={ref} className="prose">
      {article ?? (
        <div className="as-written" data-verbatim="">
          {text}
        </div>
      )}
    </div>
  );
}

/** Returns the text as elements, or null if it can only be shown as source. */
function elementsOf(text: string, title: string, before: readonly number[]): ReactNode {
  if (isTooIntricate(text)) return null;
  try {
    // Called instead of rendered, so that errors are caught here.
    return Markdown({
      children: text,
      remarkPlugins: TEXT_PLUGINS,
      rehypePlugins: [[rehypeSanitize, TEXT_SCHEMA], [rehypeHeadings, { before }], rehypeDirections, [rehypeRepeatedTitle, { title }]],
      urlTransform: safeAddress,
      components: ELEMENTS,
    });
  } catch {
    return null;
  }
}

/** A link to a heading of the same text. It does not change the page's URL. */
function AnchorLink({ href, children }: { href: string; children: ReactNode }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    event.preventDefault();
    const text = event.currentTarget.closest('.prose');
    const target = text?.querySelector<HTMLElement>(`#${CSS.escape(headingId(anchorOf(href)))}`);
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  };
  return (
    <a href={href} onClick={follow}>
      {children}
    </a>
  );
}

function anchorOf(href: string): string {
  try {
    return decodeURIComponent(href.slice(1)).toLowerCase();
  } catch {
    return href.slice(1);
  }
}
