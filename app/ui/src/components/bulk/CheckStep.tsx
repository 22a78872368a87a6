import { messageOf } from '../../api/errors';
import type { Template } from '../../api/templates';
import type { BulkDraft } from '../../hooks/useBulkDraft';
import type { useBulkOrder } from '../../hooks/useBulkOrder';
import { withoutRows, type Sheet } from '../../lib/sheet';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Loader } from '../Loader';
import { RequestPreview } from '../templates/RequestPreview';

const PREVIEWED = 3;

interface CheckStepProps {
  sheet: Sheet;
  template: Template;
  bulk: ReturnType<typeof useBulkOrder>;
  onChange: (changes: Partial<BulkDraft>) => void;
  onBack: () => void;
  onNext: () => void;
}

/** Step 3: the first three requests as they will be sent, and the errors of all rows. */
export function CheckStep({ sheet, template, bulk, onChange, onBack, onNext }: CheckStepProps) {
  const { order, numbers, checked, faults, error, isChecking, checkAgain } = bulk;
  const total = order.items.length;
  const bad = [...new Set(faults.map(({ number }) => number))];
  return (
    <div className="space-y-6">
      <p role="status" className="font-semibold">
        {isChecking ? 'Checking every row…' : checkedSaid(total, bad.length, checked !== undefined)}
      </p>
      {isChecking && !checked && <Loader label="Checking every row" />}
      {error && <ErrorMessage onRetry={checkAgain}>{messageOf(error)}</ErrorMessage>}
      {bad.length > 0 && (
        <section aria-label="Rows to mend" className="rounded-xl bg-danger-soft px-4 py-3 text-sm text-danger">
          <ul className="max-h-64 list-disc space-y-0.5 overflow-y-auto ps-5">
            {faults.map(({ number, text }) => (
              <li key={`${number} ${text}`} dir="auto">{`Row ${number}: ${text}`}</li>
            ))}
          </ul>
          <div className="mt-3 flex flex-wrap gap-2.5">
            <Button onClick={onBack}>Mend them in the table</Button>
            {bad.length < total && (
              <Button onClick={() => onChange({ sheet: withoutRows(sheet, bad) })}>{bad.length === 1 ? 'Leave this row out' : `Leave these ${bad.length} rows out`}</Button>
            )}
          </div>
        </section>
      )}
      <section aria-label="Preview" className="space-y-3">
        <h2 className="font-serif text-xl font-semibold">{total > PREVIEWED ? `The first ${PREVIEWED} of ${total}` : 'What is asked for'}</h2>
        <ul className="grid gap-4 lg:grid-cols-3">
          {order.items.slice(0, PREVIEWED).map((values, place) => (
            <li key={numbers[place]} className="card p-5">
              <p className="mb-2 text-sm text-muted">{`Row ${numbers[place] ?? place + 1}`}</p>
              <RequestPreview template={template} values={values} />
            </li>
          ))}
        </ul>
      </section>
      <div className="send-bar">
        <Button look="primary" className="min-h-11 px-6" disabled={bad.length > 0 || isChecking || !checked} onClick={onNext}>
          Continue
        </Button>
      </div>
    </div>
  );
}

function checkedSaid(total: number, bad: number, isChecked: boolean): string {
  if (!isChecked) return '';
  if (bad === 0) return total === 1 ? 'The row is good.' : `All ${total} rows are good.`;
  return `${bad} of ${total} rows cannot be written yet. Nothing has been sent.`;
}
