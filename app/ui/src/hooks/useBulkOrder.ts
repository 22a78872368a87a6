import { useQuery } from '@tanstack/react-query';

import { batchKeys } from '../api/batchKeys';
import { checkBatch, type BatchOrder } from '../api/batches';
import type { Template } from '../api/templates';
import { itemsOf, type Mapping, type Sheet } from '../lib/sheet';

export interface RowFault {
  number: number;
  text: string;
}

/** The batch of a draft, validated by the server row by row. Nothing is stored on the server. */
export function useBulkOrder(sheet: Sheet | null, template: Template | undefined, mapping: Mapping, isWanted: boolean) {
  const { items, numbers } = sheet && template ? itemsOf(sheet, template.variables, mapping) : { items: [], numbers: [] };
  const order: BatchOrder = { templateId: template?.id ?? '', items };
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [...batchKeys.all, 'check', order],
    queryFn: ({ signal }) => checkBatch(order, signal),
    enabled: isWanted && template !== undefined && items.length > 0,
    staleTime: 60_000,
    gcTime: 60_000,
  });
  const faults: RowFault[] = (data?.rows ?? []).flatMap(({ row, errors }) =>
    errors.map(({ field, message }) => ({ number: numbers[row - 1] ?? row, text: said(field, message) })),
  );
  return { order, numbers, checked: data, faults, error, isChecking: isFetching, checkAgain: () => void refetch() };
}

/** Rewords errors such as "price has no value.": the server names the variable in braces, or the field in the path. */
function said(field: string, message: string): string {
  const noValue = /^\{\{(.+)\}\} has no value\.$/.exec(message);
  if (noValue?.[1]) return `${noValue[1]} has no value.`;
  const name = field.replace(/^rows\.\d+\.?/, '');
  return name === '' ? message : `${name}: ${message}`;
}
