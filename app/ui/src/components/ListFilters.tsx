import { useQuery } from '@tanstack/react-query';

import { contentKeys } from '../api/contentCache';
import { listTags } from '../api/library';
import { CONTENT_TYPES, GENERATION_STATUSES, PUBLICATION_STATUSES, SORTS, type ContentFilters } from '../api/types';
import { TYPE_PLURALS } from '../lib/typePlurals';
import { Select } from './Select';
import { GENERATION_LABELS } from './StatusBadge';

interface ListFiltersProps {
  filters: ContentFilters;
  onChange: (changes: Partial<ContentFilters>) => void;
}

const SORT_OPTIONS = { oldest: 'Oldest first', updated: 'Last changed', title: 'By title' };
const STATUS_OPTIONS = { draft: 'Drafts', published: 'Final' };

/** The list's filters. Each choice takes effect at once. */
export function ListFilters({ filters, onChange }: ListFiltersProps) {
  const tags = useTags(filters.tag);
  return (
    <div role="group" aria-label="Filters" className={`grid grid-cols-2 gap-3 ${tags.length > 0 ? 'sm:grid-cols-3 xl:grid-cols-5' : 'sm:grid-cols-4'}`}>
      <Choice
        label="Type"
        all="All types"
        options={CONTENT_TYPES.map((value) => [value, TYPE_PLURALS[value]])}
        value={filters.contentType}
        onChange={(contentType) => onChange({ contentType })}
      />
      <Choice
        label="Status"
        all="Any status"
        options={PUBLICATION_STATUSES.map((value) => [value, STATUS_OPTIONS[value]])}
        value={filters.status}
        onChange={(status) => onChange({ status })}
      />
      <Choice
        label="Generation"
        all="Any state"
        options={GENERATION_STATUSES.map((value) => [value, GENERATION_LABELS[value]])}
        value={filters.generationStatus}
        onChange={(generationStatus) => onChange({ generationStatus })}
      />
      {tags.length > 0 && <Choice label="Tag" all="All tags" options={tags} value={filters.tag} onChange={(tag) => onChange({ tag })} />}
      <Choice
        label="Sort"
        all="Newest first"
        options={SORTS.filter((value) => value !== 'newest').map((value) => [value, SORT_OPTIONS[value]])}
        value={filters.sort}
        onChange={(sort) => onChange({ sort })}
      />
    </div>
  );
}

/** The user's tags with their numbers of texts, and the selected tag even if no text has it any more. */
function useTags(chosen: string | null): [string, string][] {
  const { data = [] } = useQuery({ queryKey: contentKeys.tags, queryFn: ({ signal }) => listTags(signal) });
  const tags = data.map(({ tag, count }): [string, string] => [tag, `${tag} (${count.toLocaleString('en')})`]);
  const isSame = (tag: string) => tag.toLowerCase() === chosen?.toLowerCase();
  if (chosen === null || tags.some(([tag]) => tag === chosen)) return tags;
  return [[chosen, chosen], ...tags.filter(([tag]) => !isSame(tag))];
}

interface ChoiceProps<T extends string> {
  label: string;
  all: string;
  options: [T, string][];
  value: T | null;
  onChange: (value: T | null) => void;
}

function Choice<T extends string>({ label, all, options, value, onChange }: ChoiceProps<T>) {
  return (
    <label className="block min-w-0">
      <span className="sr-only">{label}</span>
      <Select
        value={value ?? ''}
        onChange={(event) => onChange(options.find(([option]) => option === event.target.value)?.[0] ?? null)}
        className={`py-2 text-sm ${value ? 'border-accent bg-accent-soft font-semibold' : ''}`}
      >
        <option value="">{all}</option>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </Select>
    </label>
  );
}
