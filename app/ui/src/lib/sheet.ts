/** A table of rows for a batch: storing it, fixing it, and turning it into the batch's items. */

import type { ReadTable } from '../api/batches';

export interface Sheet {
  columns: string[];
  rows: string[][];
  /** The row's number in the user's spreadsheet; the first one below the header is 1. */
  numbers: number[];
  /** Errors by row number. */
  problems: Record<number, string>;
  /** How the file was parsed; empty for a typed table. */
  encoding: string;
  delimiter: string;
}

/** The source of a variable's value: a column, or a constant for all rows. */
export type Source = { column: number } | { text: string };
export type Mapping = Partial<Record<string, Source>>;

export const EMPTY_SHEET: Sheet = {
  columns: ['product_name', 'features'],
  rows: [['', ''], ['', ''], ['', '']],
  numbers: [1, 2, 3],
  problems: {},
  encoding: '',
  delimiter: '',
};

export const MOST_ROWS = 500;

export function sheetOf({ encoding, delimiter, columns, rows, numbers, errors }: ReadTable): Sheet {
  const width = columns.length;
  const problems = errors.flatMap(({ field, message }) => {
    const number = Number(/^rows\.(\d+)$/.exec(field)?.[1] ?? Number.NaN);
    return Number.isNaN(number) ? [] : [[number, message] as const];
  });
  const whole = rows.map((row) => Array.from({ length: width }, (_, place) => row[place] ?? ''));
  return { columns, rows: whole, numbers, problems: Object.fromEntries(problems), encoding, delimiter };
}

/** Parses a stored table; null for anything else. */
export function sheetFrom(kept: string | undefined): Sheet | null {
  try {
    const sheet = JSON.parse(kept ?? 'null') as Partial<Sheet> | null;
    const isWhole = Array.isArray(sheet?.columns) && Array.isArray(sheet.rows) && sheet.rows.length === sheet.numbers?.length;
    return isWhole ? { ...EMPTY_SHEET, ...sheet } : null;
  } catch {
    return null;
  }
}

/** The rows that are not blank. */
export function filledRows({ rows }: Sheet): number[] {
  return rows.flatMap((row, place) => (row.some((cell) => cell.trim() !== '') ? [place] : []));
}

export function withCell(sheet: Sheet, row: number, column: number, value: string): Sheet {
  return { ...sheet, rows: sheet.rows.map((cells, place) => (place === row ? cells.map((cell, at) => (at === column ? value : cell)) : cells)) };
}

export function withColumnName(sheet: Sheet, column: number, name: string): Sheet {
  return { ...sheet, columns: sheet.columns.map((each, place) => (place === column ? name : each)) };
}

export function withColumn(sheet: Sheet): Sheet {
  return { ...sheet, columns: [...sheet.columns, `column_${sheet.columns.length + 1}`], rows: sheet.rows.map((row) => [...row, '']) };
}

export function withRow(sheet: Sheet): Sheet {
  const next = Math.max(0, ...sheet.numbers) + 1;
  return { ...sheet, rows: [...sheet.rows, sheet.columns.map(() => '')], numbers: [...sheet.numbers, next] };
}

/** The table without the rows that have these numbers. */
export function withoutRows(sheet: Sheet, numbers: readonly number[]): Sheet {
  const out = new Set(numbers);
  const kept = sheet.numbers.flatMap((number, place) => (out.has(number) ? [] : [place]));
  const problems = Object.fromEntries(Object.entries(sheet.problems).filter(([number]) => !out.has(Number(number))));
  return { ...sheet, rows: kept.map((place) => sheet.rows[place] ?? []), numbers: kept.map((place) => sheet.numbers[place] ?? 0), problems };
}

/** A column's name for comparisons, ignoring case, accents and punctuation. */
function keyOf(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '');
}

export function columnLabel(sheet: Sheet, column: number): string {
  const name = sheet.columns[column]?.trim() ?? '';
  return name === '' ? `Column ${column + 1}` : name;
}

/** Keeps the previous mapping where it is still valid; other variables get the column of the same name. */
export function mappingFor(variables: readonly string[], { columns }: Sheet, chosen: Mapping): Mapping {
  return Object.fromEntries(
    variables.flatMap((name) => {
      const before = chosen[name];
      if (before && ('text' in before || before.column < columns.length)) return [[name, before]];
      const column = columns.findIndex((each) => keyOf(each) === keyOf(name));
      return column < 0 ? [] : [[name, { column }]];
    }),
  );
}

export function unmapped(variables: readonly string[], mapping: Mapping): string[] {
  return variables.filter((name) => {
    const source = mapping[name];
    return source === undefined || ('text' in source && source.text.trim() === '');
  });
}

export function unusedColumns(sheet: Sheet, mapping: Mapping): string[] {
  const used = new Set(Object.values(mapping).flatMap((source) => (source && 'column' in source ? [source.column] : [])));
  return sheet.columns.flatMap((_, place) => (used.has(place) ? [] : [columnLabel(sheet, place)]));
}

/** The values and numbers of all rows that are not blank. */
export function itemsOf(sheet: Sheet, variables: readonly string[], mapping: Mapping): { items: Record<string, string>[]; numbers: number[] } {
  const places = filledRows(sheet);
  const valueOf = (row: string[], source: Source | undefined) => {
    if (source === undefined) return '';
    return 'text' in source ? source.text : (row[source.column] ?? '');
  };
  return {
    items: places.map((place) => Object.fromEntries(variables.map((name) => [name, valueOf(sheet.rows[place] ?? [], mapping[name])]))),
    numbers: places.map((place) => sheet.numbers[place] ?? place + 1),
  };
}
