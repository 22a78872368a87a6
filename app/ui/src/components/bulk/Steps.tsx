export const STEPS = ['Rows', 'Template', 'Check', 'Write'] as const;

interface StepsProps {
  /** From 1. */
  current: number;
  /** The last one that can be gone to. */
  reachable: number;
  onGo: (step: number) => void;
}

/** Where one is in the four steps, and the way back. */
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
