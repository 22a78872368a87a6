import { MAX_INSTRUCTION } from '../api/generation';

const WHOLE = 'The text was stopped in the middle. Give the whole text: begin with exactly these words, unchanged, and carry on to its end.';
const PARTS = 'The text was stopped in the middle. Give the whole text: begin as it began, keep its course, and carry on where it was stopped to its end.';
const SPARE = 60;

/** Returns the instruction to continue a stopped text. Of a long text, it quotes the beginning and the end. */
export function instructionToContinue(text: string): string {
  const room = MAX_INSTRUCTION - PARTS.length - SPARE;
  const characters = Array.from(text.trim().normalize('NFC'));
  if (characters.length <= room) return `${WHOLE}\n\n${characters.join('')}`;
  const part = Math.floor(room / 2);
  return `${PARTS}\n\nIt began:\n${characters.slice(0, part).join('')}\n\nIt was stopped after:\n${characters.slice(-part).join('')}`;
}
