/** Whether a line of a text says the same as its title: case, spaces, quotation marks and the final stop do not count. */
export function isSameTitle(line: string, title: string): boolean {
  const words = wordsOf(title);
  return words !== '' && wordsOf(line) === words;
}

/** Whether the first line of a Markdown text is a heading that says the same as its title. */
export function beginsWithTitle(text: string, title: string): boolean {
  const heading = /^#{1,6}[ \t]+([^\r\n]{1,600})/.exec(text)?.[1];
  return heading !== undefined && isSameTitle(heading, title);
}

function wordsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{P}\s]+/gu, ' ')
    .trim();
}
