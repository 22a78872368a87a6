/** Sanitizing of generated Markdown: model output is untrusted. */

import { defaultSchema, type Options as Schema } from 'rehype-sanitize';

import { isSameTitle } from './titles';

const SAFE_PROTOCOLS = ['http', 'https', 'mailto', 'tel'];

/** Allowed elements and attributes. Images are only allowed so that their description can be shown; none is ever loaded. */
export const TEXT_SCHEMA: Schema = {
  ...defaultSchema,
  protocols: { href: SAFE_PROTOCOLS },
  attributes: {
    ...defaultSchema.attributes,
    img: ['alt'],
    '*': ['align', 'checked', 'start'],
  },
};

/** Returns the URL of a link to a web page, an email address, a phone number or a heading of the text; otherwise "". */
export function safeAddress(address: string): string {
  if (/^#\S+$/.test(address)) return address;
  const protocol = /^([a-z][a-z0-9+.-]*):/i.exec(address.trim())?.[1]?.toLowerCase();
  return protocol !== undefined && SAFE_PROTOCOLS.includes(protocol) ? address.trim() : '';
}

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

/**
 * A rehype plugin: the page's own h1 is the title, so the headings of the text begin at h2 and skip no level, whatever the
 * model wrote. Each gets an id that links inside the text lead to; the prefix keeps it apart from the ids of the page.
 * `before` has the levels of the preceding headings, if this is only a part of a text.
 */
export function rehypeHeadings({ before = [] }: { before?: readonly number[] } = {}) {
  return (tree: Node) => {
    const open: number[] = [];
    const descend = (level: number) => {
      while (open.length > 0 && (open.at(-1) ?? 0) >= level) open.pop();
      open.push(level);
    };
    before.forEach(descend);
    const taken = new Map<string, number>();
    visit(tree, (node) => {
      const level = Number(/^h([1-6])$/.exec(node.tagName ?? '')?.[1] ?? 0);
      if (level === 0) return;
      descend(level);
      node.tagName = `h${Math.min(open.length + 1, 6)}`;
      const slug = slugOf(textOf(node));
      const before = taken.get(slug) ?? 0;
      taken.set(slug, before + 1);
      set(node, 'id', headingId(before === 0 ? slug : `${slug}-${before}`));
    });
  };
}

/** The id of the heading that `#anchor` leads to. */
export function headingId(anchor: string): string {
  return `text-${anchor}`;
}

function slugOf(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
}

const OWN_DIRECTION = new Set(['p', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'th', 'td', 'pre']);
const DIRECTION_OF_CONTENT = new Set(['blockquote', 'table', 'ul', 'ol']);
const FIRST_LETTER = /\p{L}/u;
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Hanifi_Rohingya}]/u;

/**
 * A rehype plugin: every block has the direction of its own text. `dir="auto"` skips elements with a `dir` of
 * their own, so containers of such blocks get an explicit direction, and a paragraph in a list item has none.
 */
export function rehypeDirections() {
  return (tree: Node) => {
    visit(tree, (parent) => {
      for (const node of parent.children ?? []) {
        const tag = node.tagName ?? '';
        if (OWN_DIRECTION.has(tag) && !(tag === 'p' && parent.tagName === 'li')) set(node, 'dir', 'auto');
        if (DIRECTION_OF_CONTENT.has(tag)) set(node, 'dir', directionOf(textOf(node)));
      }
    });
  };
}

function directionOf(text: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(FIRST_LETTER.exec(text)?.[0] ?? '') ? 'rtl' : 'ltr';
}

/** A rehype plugin: hides a first line that only repeats the title above the text. Copies keep it. */
export function rehypeRepeatedTitle({ title }: { title: string }) {
  return (tree: Node) => {
    const blocks = (tree.children ?? []).filter((node) => node.type === 'element');
    const [first] = blocks;
    if (!first || blocks.length < 2 || !/^(?:h[1-6]|p)$/.test(first.tagName ?? '')) return;
    if (isSameTitle(textOf(first), title)) set(first, 'hidden', true);
  };
}

function set(node: Node, name: string, value: unknown): void {
  node.properties = { ...node.properties, [name]: value };
}

function textOf(node: Node): string {
  return node.value ?? (node.children ?? []).map(textOf).join('');
}

function visit(node: Node, each: (node: Node) => void): void {
  each(node);
  for (const child of node.children ?? []) visit(child, each);
}
