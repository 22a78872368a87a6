/** Converts rendered text to plain text: separate paragraphs, lists with bullets or numbers, no Markdown. */

const BLOCKS = new Set(['P', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'BLOCKQUOTE', 'PRE', 'TABLE', 'HR', 'DIV', 'SECTION']);

export function plainTextOf(root: Element): string {
  return blocksOf(root).join('\n\n').replace(/^\n+|\s+$/g, '');
}

function blocksOf(element: Element): string[] {
  const blocks: string[] = [];
  let line: Node[] = [];
  for (const node of element.childNodes) {
    if (node instanceof Element && BLOCKS.has(node.tagName)) {
      blocks.push(lineText(line), blockText(node));
      line = [];
    } else {
      line.push(node);
    }
  }
  return [...blocks, lineText(line)].filter((block) => block !== '');
}

function blockText(block: Element): string {
  if (block.hasAttribute('data-verbatim')) return block.textContent;
  switch (block.tagName) {
    case 'UL':
      return listText(block, () => '•');
    case 'OL':
      return listText(block, (index) => `${index + Number(block.getAttribute('start') ?? 1)}.`);
    case 'TABLE':
      return rowsOf(block);
    case 'PRE':
      return block.textContent.replace(/\n$/, '');
    case 'HR':
      return '* * *';
    case 'BLOCKQUOTE':
    case 'DIV':
    case 'SECTION':
      return blocksOf(block).join('\n\n');
    default:
      return lineText(Array.from(block.childNodes));
  }
}

function listText(list: Element, mark: (index: number) => string): string {
  const items = Array.from(list.children).filter((child) => child.tagName === 'LI');
  return items.map((item, index) => itemText(item, mark(index))).join('\n');
}

/** A task's checkbox replaces the bullet. */
function itemText(item: Element, mark: string): string {
  const text = blocksOf(item).join('\n').replaceAll('\n', '\n  ');
  return /^[☑☐] /.test(text) && mark === '•' ? text : `${mark} ${text}`;
}

function rowsOf(table: Element): string {
  return Array.from(table.querySelectorAll('tr'), (row) =>
    Array.from(row.children, (cell) => lineText(Array.from(cell.childNodes)).replace(/\s+/g, ' ')).join('\t'),
  ).join('\n');
}

/** The text of inline nodes. Spaces are collapsed, except in code, and trimmed from lines. */
function lineText(nodes: Node[]): string {
  return nodes
    .map(inlineText)
    .join('')
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/^[ \t\n]+|[ \t\n]+$/g, '');
}

function inlineText(node: Node): string {
  if (!(node instanceof Element)) return (node.textContent ?? '').replace(/[ \t\r\n]+/g, ' ');
  if (node.tagName === 'BR') return '\n';
  if (node.tagName === 'CODE') return node.textContent;
  if (node.hasAttribute('data-copy')) return node.getAttribute('data-copy') ?? '';
  const text = Array.from(node.childNodes, inlineText).join('');
  return node.tagName === 'A' ? linkText(text, node.getAttribute('href') ?? '') : text;
}

/** "text (URL)"; only the text for a link to a heading, or if the text is the URL. */
function linkText(text: string, href: string): string {
  const address = href.replace(/^(?:mailto|tel):/i, '');
  const shown = text.trim();
  const isShown = [address, address.replace(/^https?:\/\//i, ''), decoded(address)].includes(shown);
  return href.startsWith('#') || isShown ? text : `${text} (${address})`;
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}
