const READ_AT_MOST = 1_200;
const SHOW_AT_MOST = 260;

/** The first words of a Markdown text, on one line and without its marks. */
export function excerptOf(markdown: string): string {
  const plain = markdown
    .slice(0, READ_AT_MOST)
    .replace(/^```.*$/gm, ' ')
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/^\s{0,3}(#{1,6}|>|[-*+]|\d+[.)])\s+/gm, '')
    .replace(/[*`~]+(?=\S)|(?<=\S)[*`~]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(plain);
  return characters.length > SHOW_AT_MOST ? `${characters.slice(0, SHOW_AT_MOST).join('').trimEnd()}…` : plain;
}
