import type { UsageRow } from '../../api/usage';
import { count, dayName } from '../../lib/usageWords';
import { textsSaid } from '../../lib/words';

/** A bar for each day of a month. Screen readers get a table of the numbers instead. */
export function DayBars({ month, rows }: { month: string; rows: UsageRow[] }) {
  const byDay = new Map(rows.map((row) => [row.day, row]));
  const days = daysOf(month);
  const most = Math.max(1, ...rows.map(({ generations }) => generations));
  return (
    <figure>
      <figcaption className="mb-3 font-serif text-xl font-semibold">Texts per day</figcaption>
      <div aria-hidden="true" className="flex h-40 items-end gap-px sm:gap-1">
        {days.map((day) => {
          const number = byDay.get(day)?.generations ?? 0;
          return (
            <div key={day} title={`${dayName(day)}: ${textsSaid(number)}`} className="flex h-full min-w-0 flex-1 flex-col justify-end">
              <div className={`rounded-t-sm ${number ? 'bg-accent' : 'bg-line'}`} style={{ height: number ? `max(4px, ${(number / most) * 100}%)` : '2px' }} />
            </div>
          );
        })}
      </div>
      <div aria-hidden="true" className="mt-1 flex justify-between text-xs text-muted">
        <span>{days[0] ? dayName(days[0]) : ''}</span>
        <span>{`most in a day: ${count(rows.length ? most : 0)}`}</span>
        <span>{dayName(days.at(-1) ?? '')}</span>
      </div>
      <table className="sr-only">
        <caption>Texts per day</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Texts</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ day, generations }) => (
            <tr key={day}>
              <th scope="row">{dayName(day ?? '')}</th>
              <td>{generations}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function daysOf(month: string): string[] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}
