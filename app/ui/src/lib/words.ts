const WORDS_PER_MINUTE = 220;

/** Counts the words of a text, with `Intl.Segmenter` if the browser has it. */
export function countWords(text: string): number {
  if (!('Segmenter' in Intl)) return text.split(/\s+/).filter(Boolean).length;
  let count = 0;
  for (const { isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) if (isWordLike) count += 1;
  return count;
}

/** "1 word", "1,640 words" */
export function wordsText(words: number): string {
  return `${words.toLocaleString('en')} ${words === 1 ? 'word' : 'words'}`;
}

/** "1 text", "5,000 texts" */
export function textsSaid(count: number): string {
  return count === 1 ? '1 text' : `${count.toLocaleString('en')} texts`;
}

/** "640 words, 3 minutes to read" */
export function lengthOf(text: string): string {
  const words = countWords(text);
  const minutes = Math.max(1, Math.round(words / WORDS_PER_MINUTE));
  return `${wordsText(words)}, ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} to read`;
}
