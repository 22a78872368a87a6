import type { Selection } from '../../hooks/useSelection';

/** The checkbox for the whole page, and column headings on wide windows. */
export function ListHead({ selection }: { selection: Selection }) {
  const { ofShown, toggleShown } = selection;
  return (
    <div className="text-head">
      <label className="text-head-box">
        <input
          type="checkbox"
          checked={ofShown === 'all'}
          // There is no HTML attribute for the indeterminate state.
          ref={(box) => {
            if (box) box.indeterminate = ofShown === 'some';
          }}
          onChange={toggleShown}
          className="size-5 accent-accent"
        />
        <span className="xl:sr-only">Select all on this page</span>
      </label>
      <span aria-hidden="true" className="text-head-name">
        Text
      </span>
      <span aria-hidden="true" className="text-head-facts">
        <span>Status</span>
        <span>Words</span>
        <span>Changed</span>
      </span>
    </div>
  );
}
