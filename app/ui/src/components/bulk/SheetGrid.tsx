import { useState } from 'react';

import { columnLabel, MOST_ROWS, withCell, withColumn, withColumnName, withoutRows, withRow, type Sheet } from '../../lib/sheet';
import { Button } from '../Button';
import { ChevronLeftIcon, ChevronRightIcon, CloseIcon, PlusIcon } from '../icons';

const ROWS_A_PAGE = 20;
const MOST_COLUMNS = 40;

interface SheetGridProps {
  sheet: Sheet;
  onChange: (sheet: Sheet) => void;
}

/** The rows as an editable table. Long tables are paginated. */
export function SheetGrid({ sheet, onChange }: SheetGridProps) {
  const [part, setPart] = useState(0);
  const parts = Math.max(1, Math.ceil(sheet.rows.length / ROWS_A_PAGE));
  const shown = Math.min(part, parts - 1);
  const first = shown * ROWS_A_PAGE;
  const add = () => {
    onChange(withRow(sheet));
    setPart(Math.floor(sheet.rows.length / ROWS_A_PAGE));
  };
  return (
    <div>
      {/* It scrolls sideways by itself, also with the keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="region" aria-label="The rows" tabIndex={0} className="relative max-w-full overflow-x-auto rounded-xl border border-line">
        <table className="w-full border-collapse text-sm">
          <thead>
            <tr>
              <th scope="col" className="grid-number">
                <span className="sr-only">Row</span>
              </th>
              {sheet.columns.map((name, column) => (
                <th key={column} scope="col" className="min-w-36 border-b border-line bg-sunken p-0 text-start">
                  <input
                    type="text"
                    dir="auto"
                    aria-label={`Name of column ${column + 1}`}
                    value={name}
                    onChange={(event) => onChange(withColumnName(sheet, column, event.target.value))}
                    className="grid-cell font-semibold"
                  />
                </th>
              ))}
              <th className="border-b border-line bg-sunken">
                <span className="sr-only">Leave out</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sheet.rows.slice(first, first + ROWS_A_PAGE).map((row, offset) => (
              <Row key={sheet.numbers[first + offset]} sheet={sheet} row={row} place={first + offset} onChange={onChange} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-2.5">
        <Button icon={<PlusIcon className="size-4" />} onClick={add} disabled={sheet.rows.length >= MOST_ROWS}>
          Add row
        </Button>
        <Button icon={<PlusIcon className="size-4" />} onClick={() => onChange(withColumn(sheet))} disabled={sheet.columns.length >= MOST_COLUMNS}>
          Add column
        </Button>
        {parts > 1 && <Parts first={first} total={sheet.rows.length} shown={shown} parts={parts} onGo={setPart} />}
      </div>
    </div>
  );
}

interface RowProps extends SheetGridProps {
  row: string[];
  place: number;
}

function Row({ sheet, row, place, onChange }: RowProps) {
  const number = sheet.numbers[place] ?? place + 1;
  return (
    <tr className={sheet.problems[number] === undefined ? '' : 'bg-danger-soft'}>
      <th scope="row" className="grid-number">
        {number}
      </th>
      {row.map((cell, column) => (
        <td key={column} className="border-b border-line p-0">
          <textarea
            rows={1}
            dir="auto"
            aria-label={`Row ${number}, ${columnLabel(sheet, column)}`}
            value={cell}
            onChange={(event) => onChange(withCell(sheet, place, column, event.target.value))}
            className="grid-cell field-sizing-content max-h-40 resize-none"
          />
        </td>
      ))}
      <td className="w-11 border-b border-line p-0 text-center">
        <button type="button" aria-label={`Leave out row ${number}`} onClick={() => onChange(withoutRows(sheet, [number]))} className="icon-button">
          <CloseIcon className="size-4" />
        </button>
      </td>
    </tr>
  );
}

interface PartsProps {
  first: number;
  total: number;
  shown: number;
  parts: number;
  onGo: (part: number) => void;
}

function Parts({ first, total, shown, parts, onGo }: PartsProps) {
  return (
    <div className="ml-auto flex items-center gap-1">
      <p role="status" className="text-sm text-muted tabular-nums">
        {`Rows ${first + 1} to ${Math.min(first + ROWS_A_PAGE, total)} of ${total}`}
      </p>
      <button type="button" aria-label="Earlier rows" disabled={shown === 0} onClick={() => onGo(shown - 1)} className="icon-button disabled:opacity-40">
        <ChevronLeftIcon />
      </button>
      <button type="button" aria-label="Later rows" disabled={shown === parts - 1} onClick={() => onGo(shown + 1)} className="icon-button disabled:opacity-40">
        <ChevronRightIcon />
      </button>
    </div>
  );
}
