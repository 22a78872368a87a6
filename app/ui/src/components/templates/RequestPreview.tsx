import type { Template } from '../../api/templates';
import type { Brief } from '../../api/types';
import { filledBrief } from '../../lib/templateText';
import { Pieces } from './Pieces';

interface RequestPreviewProps {
  template: Pick<Template, 'title' | 'prompt' | 'brief'>;
  values: Record<string, string>;
}

const WISHES: Partial<Record<keyof Brief, string>> = {
  words: 'Words',
  tone: 'Tone',
  audience: 'Audience',
  language: 'Language',
  keywords: 'Keywords',
  avoid: 'Words to avoid',
  points: 'Must be said',
};

/** The request that a template produces from these values. Variables without a value are shown as they are. */
export function RequestPreview({ template, values }: RequestPreviewProps) {
  const brief = filledBrief(template.brief, values);
  const wishes = Object.entries(brief).map(([field, value]: [string, string | number | string[]]) => ({
    label: WISHES[field as keyof Brief] ?? field,
    value: Array.isArray(value) ? value.join(', ') : String(value),
  }));
  return (
    <div className="min-w-0 space-y-3">
      {template.title.trim() !== '' && (
        <h3 dir="auto" className="font-serif text-lg leading-snug font-semibold break-words">
          <Pieces text={template.title} values={values} />
        </h3>
      )}
      <p dir="auto" className="break-words whitespace-pre-wrap">
        <Pieces text={template.prompt} values={values} />
      </p>
      {wishes.length > 0 && (
        <dl className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {wishes.map(({ label, value }) => (
            <div key={label} className="flex min-w-0 gap-1.5">
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0 font-medium break-words">
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
