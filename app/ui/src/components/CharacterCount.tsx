import { countCharacters } from '../lib/validation';

const NEARLY_FULL = 0.9;

/** How much of a field's limit is used. Announced to screen readers only near the limit. */
export function CharacterCount({ text, maximum }: { text: string; maximum: number }) {
  const count = countCharacters(text.trim());
  const left = maximum - count;
  const look = left < 0 ? 'font-semibold text-danger' : 'text-muted';
  return (
    <>
      <span aria-hidden="true" className={`text-sm whitespace-nowrap tabular-nums ${look}`}>
        {`${count.toLocaleString('en')} / ${maximum.toLocaleString('en')}`}
      </span>
      <span role="status" className="sr-only">
        {roomLeft(left, maximum)}
      </span>
    </>
  );
}

function roomLeft(left: number, maximum: number): string {
  if (left < 0) return `${-left} characters too many`;
  return left <= maximum * (1 - NEARLY_FULL) ? `${Math.ceil(left / 100) * 100} characters left at most` : '';
}
