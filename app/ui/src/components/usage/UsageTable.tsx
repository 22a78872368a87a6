import type { UsageSum } from '../../api/usage';
import { count, money } from '../../lib/usageWords';

interface UsageTableProps<R extends UsageSum> {
  caption: string;
  /** The columns before the numeric ones. */
  names: { heading: string; of: (row: R) => string }[];
  rows: R[];
}

export function tokensOf({ inputTokens, outputTokens, thinkingTokens }: UsageSum): number {
  return inputTokens + outputTokens + thinkingTokens;
}

/** Usage rows with their costs. Scrolls horizontally on narrow windows. */
export function UsageTable<R extends UsageSum>({ caption, names, rows }: UsageTableProps<R>) {
  return (
    <section>
      <h2 className="mb-3 font-serif text-xl font-semibold">{caption}</h2>
      {/* A region that scrolls has to be reached by the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div tabIndex={0} role="region" aria-label={caption} className="card overflow-x-auto">
        <table className="w-full text-sm [&_td]:px-4 [&_td]:py-2.5 [&_th]:px-4 [&_th]:py-2.5">
          <thead className="border-b border-line text-left text-muted">
            <tr>
              {names.map(({ heading }) => (
                <th key={heading} scope="col" className="font-medium">
                  {heading}
                </th>
              ))}
              {['Texts', 'Calls', 'Tokens', 'Cost'].map((heading) => (
                <th key={heading} scope="col" className="text-right font-medium">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row) => (
              <tr key={names.map(({ of }) => of(row)).join(' ')}>
                {names.map(({ heading, of }) => (
                  <td key={heading} className="whitespace-nowrap">
                    {of(row)}
                  </td>
                ))}
                {[count(row.generations), count(row.calls), count(tokensOf(row)), money(row.cost)].map((text, index) => (
                  <td key={['texts', 'calls', 'tokens', 'cost'][index]} className="text-right tabular-nums">
                    {text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
