import { PAGE_SIZE } from '../../api/contents';
import { PAGE_SIZES } from '../../hooks/useListFilters';
import { Select } from '../Select';

interface PageSizeProps {
  size: number | null;
  onChange: (size: number) => void;
}

/** How many texts a page of the library has. */
export function PageSize({ size, onChange }: PageSizeProps) {
  return (
    <label className="mt-4 flex items-center justify-end gap-2 text-sm text-muted">
      <span>Texts per page</span>
      <Select value={size ?? PAGE_SIZE} onChange={(event) => onChange(Number(event.target.value))} className="w-24 py-1.5 text-sm">
        {PAGE_SIZES.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </Select>
    </label>
  );
}
