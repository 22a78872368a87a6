import { withoutRows, type Sheet } from '../../lib/sheet';
import { Button } from '../Button';

interface RowProblemsProps {
  sheet: Sheet;
  onChange: (sheet: Sheet) => void;
}

/** Rows with a different number of cells than the header. They are never dropped without asking. */
export function RowProblems({ sheet, onChange }: RowProblemsProps) {
  const numbers = Object.keys(sheet.problems).map(Number);
  if (numbers.length === 0) return null;
  const rows = numbers.length === 1 ? 'this row' : `these ${numbers.length} rows`;
  return (
    <section aria-label="Rows that do not fit" className="rounded-xl bg-danger-soft px-4 py-3 text-sm text-danger">
      <ul className="max-h-40 list-disc space-y-0.5 overflow-y-auto ps-5">
        {numbers.map((number) => (
          <li key={number}>{`Row ${number}: ${sheet.problems[number] ?? ''}`}</li>
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap gap-2.5">
        <Button onClick={() => onChange(withoutRows(sheet, numbers))}>{`Leave out ${rows}`}</Button>
        <Button onClick={() => onChange({ ...sheet, problems: {} })}>{`Use the first ${sheet.columns.length} cells`}</Button>
      </div>
    </section>
  );
}
