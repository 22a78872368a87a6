/** What of a generated text becomes part of the page. Whoever steered the model's words must not steer the browser. */

import { defaultSchema, type Options as Schema } from 'rehype-sanitize';

const SAFE_PROTOCOLS = ['http', 'https', 'mailto'];

/** Elements and attributes that may stay. Images stay only to be shown as their description: none is ever loaded. */
export const TEXT_SCHEMA: Schema = {
  ...defaultSchema,
  protocols: { href: SAFE_PROTOCOLS },
  attributes: {
    ...defaultSchema.attributes,
    img: ['alt'],
    '*': ['align', 'checked', 'start'],
  },
};

/** The address of a link if it leads to a web page or a mailbox, else an empty one. */
export function safeAddress(address: string): string {
  const protocol = /^([a-z][a-z0-9+.-]*):/i.exec(address.trim())?.[1]?.toLowerCase();
  return protocol !== undefined && SAFE_PROTOCOLS.includes(protocol) ? address.trim() : '';
}

interface Node {
  type: string;
  tagName?: string;
  children?: Node[];
}

/**
 * A rehype plugin: the page's own h1 is the title, so the headings of the text begin at h2 and skip no level, whatever the
 * model wrote.
 */
export function rehypeHeadingLevels() {
  return (tree: Node) => {
    const open: number[] = [];
    visit(tree, (node) => {
      const level = Number(/^h([1-6])$/.exec(node.tagName ?? '')?.[1] ?? 0);
      if (level === 0) return;
      while (open.length > 0 && (open.at(-1) ?? 0) >= level) open.pop();
      open.push(level);
      node.tagName = `h${Math.min(open.length + 1, 6)}`;
    });
  };
}

function visit(node: Node, each: (node: Node) => void): void {
  each(node);
  for (const child of node.children ?? []) visit(child, each);
}
