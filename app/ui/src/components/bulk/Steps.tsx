export const STEPS = ['Rows', 'Template', 'Check', 'Write'] as const;

interface StepsProps {
  /** Counted from 1. */
  current: number;
  /** The last step that can be opened. */
  reachable: number;
  onGo: (step: number) => void;
}

/** The four steps, with the current one marked and links to the completed ones. */
export function Steps({ current, reachable, onGo }: StepsProps) {
  return (
    <nav aria-label="Steps">
      <ol className="grid grid-cols-4 gap-1.5">
        {STEPS.map((label, place) => (
          <li key={label}>
            <button
              type="button"
              disabled={place + 1 > reachable}
              aria-current={place + 1 === current ? 'step' : undefined}
              onClick={() => onGo(place + 1)}
              className="step"
            >
              <span aria-hidden="true">{place + 1}</span>
              <span>{label}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
