const LONGEST_NAME = 80;

/** A file name from a title, in any script. */
export function fileNameFor(title: string): string {
  const words = title.normalize('NFC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '');
  return `${Array.from(words).slice(0, LONGEST_NAME).join('') || 'text'}.md`;
}

/** Hands a text to the browser as a Markdown file. */
export function downloadMarkdown(fileName: string, markdown: string): void {
  handOver(new Blob([markdown], { type: 'text/markdown;charset=utf-8' }), fileName);
}

/** Has the browser save a file. */
export function handOver(file: Blob, fileName: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
