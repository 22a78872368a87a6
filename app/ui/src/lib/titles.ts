/** Whether a line of a text says the same as its title: case, spaces, quotation marks and the final stop do not count. */
export function isSameTitle(line: string, title: string): boolean {
  const words = wordsOf(title);
  return words !== '' && wordsOf(line) === words;
}

function wordsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{P}\s]+/gu, ' ')
    .trim();
}
