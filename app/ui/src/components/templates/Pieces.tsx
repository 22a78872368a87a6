import { piecesOf } from '../../lib/templateText';

/** A template's text with its variables as chips, or with their `values`. */
export function Pieces({ text, values }: { text: string; values?: Record<string, string> }) {
  return piecesOf(text).map(({ text: words, variable }, place) => {
    if (variable === undefined) return <span key={place}>{words}</span>;
    const value = values && Object.hasOwn(values, variable) ? values[variable]?.trim() : undefined;
    return value ? (
      <mark key={place} className="rounded-sm bg-accent-soft text-ink">
        <bdi>{value}</bdi>
      </mark>
    ) : (
      <code key={place} className="variable">
        {words}
      </code>
    );
  });
}
