import type { Change } from '../../api/versions';

/** A diff of two texts: deletions are struck through, insertions underlined, and both are announced to screen readers. */
export function DiffText({ changes }: { changes: Change[] }) {
  return (
    <div className="text-sm leading-relaxed break-words whitespace-pre-wrap">
      {changes.map(({ op, text }, index) => {
        if (op === 'equal') return <span key={index}>{text}</span>;
        return op === 'delete' ? (
          <del key={index} className="bg-danger-soft text-danger">
            {text}
          </del>
        ) : (
          <ins key={index} className="bg-accent-soft text-accent-strong">
            {text}
          </ins>
        );
      })}
    </div>
  );
}
