/** Remark plugins for cases where writers mean something other than CommonMark does. Nothing is dropped silently. */

import remarkCjkFriendly from 'remark-cjk-friendly';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { type PluggableList, type Processor, unified } from 'unified';

import { remarkDepthLimit } from './markdownLimits';

/** The parts of an mdast node that are needed here. */
interface Node {
  type: string;
  value?: string;
  lang?: string | null;
  meta?: string | null;
  url?: string;
  label?: string | null;
  identifier?: string;
  children?: Node[];
  position?: { start: { offset?: number }; end: { offset?: number } };
}

// Only ~~two~~ strike through: "~20 litres" and "0.3~8 mm" are amounts. Emphasis works beside CJK punctuation, which
// CommonMark does not allow: **中文（English）**后面.
const SYNTAX: PluggableList = [[remarkGfm, { singleTilde: false }], remarkCjkFriendly];

/** The micromark extension, and then the mdast one. */
export const TEXT_PLUGINS: PluggableList = [
  ...SYNTAX,
  remarkDepthLimit,
  remarkLiteralHtml,
  remarkUnseenWords,
  remarkNotes,
  remarkAddressEnds,
  remarkLineBreaks,
  remarkSomethingLeft,
];

const withoutHtmlBlocks = unified().use(remarkParse).use(SYNTAX).use(disableHtmlBlocks);

function disableHtmlBlocks(this: Processor) {
  const data = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { disable: { null: ['htmlFlow'] } }];
}

/** Blocks with inline HTML, in which the Markdown between the tags is parsed. */
function parseBlocks(text: string): Node[] {
  return (withoutHtmlBlocks.parse(text) as Node).children ?? [];
}

/** Replaces nodes, innermost first, by the result of `replace`; undefined keeps a node. */
function replaceEach(node: Node, replace: (child: Node) => Node[] | undefined): void {
  node.children = node.children?.flatMap((child) => {
    replaceEach(child, replace);
    return replace(child) ?? [child];
  });
}

const COMMENT = /<!--(?:-?>|[\s\S]*?-->)/g;
const KEPT_AS_CODE = /^\s*<(?:script|style|pre|textarea|svg)\b/i;
const BREAK = /^<\/?br\b[^>]*>$/i;

/** Shows HTML as source text; `<br>` becomes a line break, and comments are removed. */
function remarkLiteralHtml() {
  return (tree: Node): void => literalChildren(tree, !PHRASING_NEVER.has(tree.type));
}

const PHRASING_NEVER = new Set(['root', 'blockquote', 'list', 'listItem', 'footnoteDefinition']);

function literalChildren(parent: Node, inline: boolean): void {
  for (const child of parent.children ?? []) literalChildren(child, !PHRASING_NEVER.has(child.type));
  parent.children = parent.children?.flatMap((child) => {
    if (child.type !== 'html') return [child];
    const value = (child.value ?? '').replace(COMMENT, '');
    return inline ? literalInline(value) : literalBlocks(value);
  });
}

function literalBlocks(value: string): Node[] {
  if (value.trim() === '') return [];
  if (KEPT_AS_CODE.test(value)) return [{ type: 'code', value }];
  const block: Node = { type: 'root', children: parseBlocks(value) };
  literalChildren(block, true);
  return block.children ?? [];
}

function literalInline(value: string): Node[] {
  if (BREAK.test(value)) return [{ type: 'break' }];
  return value === '' ? [] : [{ type: 'text', value }];
}

const LANGUAGE = /^[\w+#.-]*$/;

/** Words after a fence are shown unless they name the language of the code: `~~~ Summer sale ~~~`. So is the URL of a link without text. */
function remarkUnseenWords() {
  return (tree: Node): void => {
    replaceEach(tree, (node) => {
      const info = [node.lang, node.meta].filter(Boolean).join(' ');
      if (node.type === 'code' && node.value === '' && info !== '') return [{ type: 'code', value: info }];
      if (node.type === 'code' && !LANGUAGE.test(info)) return [{ type: 'paragraph', children: [{ type: 'text', value: info }] }, { type: 'code', value: node.value }];
      if (node.type === 'link' && node.children?.length === 0) node.children = [{ type: 'text', value: node.url ?? '' }];
      return undefined;
    });
  };
}

/** Footnotes are shown as "[1]" with their texts at the end, including those without a reference. */
function remarkNotes() {
  return (tree: Node): void => {
    const used = new Set<string>();
    const notes: Node[] = [];
    const sources: Node[] = [];
    replaceEach(tree, (node) => {
      if (node.type === 'linkReference' || node.type === 'imageReference') used.add(node.identifier ?? '');
      if (node.type === 'footnoteReference') return [{ type: 'text', value: mark(node) }];
      if (node.type === 'footnoteDefinition') return collect(notes, labelled(node));
      if (node.type === 'definition') sources.push(node);
      return undefined;
    });
    const unused = sources.filter((source) => !used.has(source.identifier ?? ''));
    tree.children = [...(tree.children ?? []), ...notes, ...unused.map(sourceLine)];
  };
}

function mark(node: Node): string {
  return `[${node.label ?? node.identifier ?? ''}]`;
}

function collect(notes: Node[], blocks: Node[]): Node[] {
  notes.push(...blocks);
  return [];
}

function labelled(note: Node): Node[] {
  const [first, ...rest] = note.children ?? [];
  const label: Node = { type: 'text', value: `${mark(note)} ` };
  if (first?.type !== 'paragraph') return [{ type: 'paragraph', children: [label] }, ...(note.children ?? [])];
  return [{ ...first, children: [label, ...(first.children ?? [])] }, ...rest];
}

function sourceLine(source: Node): Node {
  const url = source.url ?? '';
  const link: Node = { type: 'link', url, children: [{ type: 'text', value: url }] };
  return { type: 'paragraph', children: [{ type: 'text', value: `${mark(source)} ` }, link] };
}

// A bare URL ends before non-ASCII punctuation, and before a script that is written without spaces.
const ADDRESS_END =
  /[\uFF00-\uFFEF\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]|[^\x21-\x7e\p{L}\p{M}\p{N}]/u;

function remarkAddressEnds() {
  return (tree: Node): void => {
    replaceEach(tree, (node) => (isBareAddress(node) ? splitAddress(node) : undefined));
  };
}

function isBareAddress(node: Node): boolean {
  const text = node.children?.[0]?.value;
  if (node.type !== 'link' || node.children?.length !== 1 || text === undefined) return false;
  const { start, end } = node.position ?? {};
  const written = (end?.offset ?? text.length) - (start?.offset ?? 0);
  return written === text.length && [text, `http://${text}`].includes(node.url ?? '');
}

function splitAddress(link: Node): Node[] | undefined {
  const text = link.children?.[0]?.value ?? '';
  const end = text.search(ADDRESS_END);
  if (end === -1) return undefined;
  const address = text.slice(0, end).replace(/[.,;:!?'"*_~(]+$/, '');
  if (!/^(?:https?:\/\/|www\.)[^/]/i.test(address)) return undefined;
  const prefix = (link.url ?? '').slice(0, (link.url ?? '').length - text.length);
  const cut: Node = { type: 'link', url: prefix + address, children: [{ type: 'text', value: address }] };
  return [cut, ...inlineParts(text.slice(address.length))];
}

/** The text directly after a URL may contain emphasis or another URL. */
function inlineParts(text: string): Node[] {
  const blocks = parseBlocks(text);
  const [only] = blocks;
  if (blocks.length !== 1 || only?.type !== 'paragraph') return [{ type: 'text', value: text }];
  replaceEach(only, (node) => (isBareAddress(node) ? splitAddress({ ...node, position: undefined }) : undefined));
  return only.children ?? [];
}

/** Keeps single line breaks, as in poems, postal addresses and social posts. */
function remarkLineBreaks() {
  return (tree: Node): void => {
    replaceEach(tree, (node) => {
      if (node.type !== 'text' || !node.value?.includes('\n')) return undefined;
      return node.value.split(/[ \t]*\n[ \t]*/).flatMap((line, index) => [
        ...(index > 0 ? [{ type: 'break' }] : []),
        ...(line === '' ? [] : [{ type: 'text', value: line }]),
      ]);
    });
  };
}

/** Throws if a non-empty text would render as nothing; it is then shown as source. */
function remarkSomethingLeft() {
  return (tree: Node): void => {
    if (!tree.children?.some((node) => node.type !== 'definition')) throw new Error('nothing of the text would be shown');
  };
}
