/** The text of a rendered article, as one would type it: paragraphs apart, lists with their marks. */

const BLOCKS = new Set(['P', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'BLOCKQUOTE', 'PRE', 'TABLE', 'HR', 'DIV', 'SECTION']);

export function plainTextOf(root: Element): string {
  return blocksOf(root).join('\n\n').trim();
}

function blocksOf(element: Element): string[] {
  const blocks: string[] = [];
  let line = '';
  for (const node of element.childNodes) {
    if (node instanceof Element && BLOCKS.has(node.tagName)) {
      blocks.push(line.trim(), blockText(node));
      line = '';
    } else {
      line += inlineText(node);
    }
  }
  return [...blocks, line.trim()].filter((block) => block !== '');
}

function blockText(block: Element): string {
  switch (block.tagName) {
    case 'UL':
      return listText(block, () => '•');
    case 'OL':
      return listText(block, (index) => `${index + (Number(block.getAttribute('start')) || 1)}.`);
    case 'TABLE':
      return rowsOf(block);
    case 'PRE':
      return block.textContent.trimEnd();
    case 'HR':
      return '* * *';
    case 'BLOCKQUOTE':
    case 'DIV':
    case 'SECTION':
      return blocksOf(block).join('\n\n');
    default:
      return Array.from(block.childNodes, inlineText).join('').trim();
  }
}

function listText(list: Element, mark: (index: number) => string): string {
  const items = Array.from(list.children).filter((child) => child.tagName === 'LI');
  return items
    .map((item, index) => `${mark(index)} ${blocksOf(item).join('\n').replaceAll('\n', '\n  ')}`)
    .join('\n');
}

function rowsOf(table: Element): string {
  return Array.from(table.querySelectorAll('tr'), (row) =>
    Array.from(row.children, (cell) => cell.textContent.trim()).join('\t'),
  ).join('\n');
}

function inlineText(node: Node): string {
  if (node instanceof Element && node.tagName === 'BR') return '\n';
  if (node instanceof Element && node.children.length > 0) return Array.from(node.childNodes, inlineText).join('');
  return (node.textContent ?? '').replace(/\s+/g, ' ');
}
