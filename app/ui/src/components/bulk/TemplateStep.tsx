import { messageOf } from '../../api/errors';
import type { Template } from '../../api/templates';
import type { BulkDraft } from '../../hooks/useBulkDraft';
import { useTemplates } from '../../hooks/useTemplates';
import { columnLabel, mappingFor, unmapped, unusedColumns, type Mapping, type Sheet, type Source } from '../../lib/sheet';
import { labelOf } from '../../lib/templateText';
import { Button, ButtonLink } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';
import { Loader } from '../Loader';
import { Select } from '../Select';
import { Pieces } from '../templates/Pieces';

interface TemplateStepProps {
  draft: BulkDraft;
  sheet: Sheet;
  onChange: (changes: Partial<BulkDraft>) => void;
  onNext: () => void;
}

/** Step 2: the template for the rows, and the column for each variable. */
export function TemplateStep({ draft, sheet, onChange, onNext }: TemplateStepProps) {
  const { data, error, refetch } = useTemplates();
  const template = data?.find(({ id }) => id === draft.templateId);
  if (error && !data) return <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>;
  if (!data) return <Loader label="Loading your templates" />;
  const mapping = template ? mappingFor(template.variables, sheet, draft.mapping) : {};
  const missing = template ? unmapped(template.variables, mapping) : [];
  const isReady = template !== undefined && missing.length === 0;

  return (
    <div className="space-y-6">
      <Field id="template" label="Template" hint="What is written for each row.">
        {(wiring) => (
          <Select {...wiring} value={template?.id ?? ''} onChange={(event) => onChange({ templateId: event.target.value })}>
            <option value="">Choose a template</option>
            <Options label="Yours" templates={data.filter(({ builtIn }) => !builtIn)} />
            <Options label="Built in" templates={data.filter(({ builtIn }) => builtIn)} />
          </Select>
        )}
      </Field>
      <p className="text-sm">
        <ButtonLink to="/templates/new" look="quiet">
          Write a new template
        </ButtonLink>
      </p>
      {template && (
        <>
          <p dir="auto" className="rounded-xl bg-sunken px-4 py-3 text-sm break-words">
            <Pieces text={template.prompt} />
          </p>
          <Mappings template={template} sheet={sheet} mapping={mapping} onChange={(next) => onChange({ mapping: next })} />
          <Unused columns={unusedColumns(sheet, mapping)} />
        </>
      )}
      <div className="send-bar flex flex-wrap items-center gap-3">
        <Button
          look="primary"
          className="min-h-11 px-6"
          disabled={!isReady}
          onClick={() => {
            onChange({ mapping });
            onNext();
          }}
        >
          Check the rows
        </Button>
        {missing.length > 0 && (
          <p role="status" className="text-sm text-muted">
            {`No column for ${missing.join(', ')} yet.`}
          </p>
        )}
      </div>
    </div>
  );
}

function Options({ label, templates }: { label: string; templates: Template[] }) {
  if (templates.length === 0) return null;
  return (
    <optgroup label={label}>
      {templates.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}

interface MappingsProps {
  template: Template;
  sheet: Sheet;
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}

const SAME_TEXT = 'text';

function Mappings({ template, sheet, mapping, onChange }: MappingsProps) {
  const choose = (variable: string, choice: string) => {
    const others = Object.fromEntries(Object.entries(mapping).filter(([name]) => name !== variable));
    if (choice === '') onChange(others);
    else onChange({ ...others, [variable]: choice === SAME_TEXT ? { text: '' } : { column: Number(choice) } });
  };
  return (
    <fieldset className="space-y-4">
      <legend className="mb-2 font-semibold">Which column is what?</legend>
      {template.variables.map((variable) => {
        const source = mapping[variable];
        return (
          <div key={variable} className="grid gap-3 sm:grid-cols-2">
            <Field id={`column-${variable}`} label={labelOf(variable)} error={source === undefined ? `${variable} has no value. Choose a column, or write a text for every row.` : undefined}>
              {(wiring) => (
                <Select {...wiring} value={choiceOf(source)} onChange={(event) => choose(variable, event.target.value)}>
                  <option value="">Choose a column</option>
                  {sheet.columns.map((_, column) => (
                    <option key={column} value={column}>
                      {columnLabel(sheet, column)}
                    </option>
                  ))}
                  <option value={SAME_TEXT}>The same text for every row…</option>
                </Select>
              )}
            </Field>
            {source && 'text' in source && (
              <Field id={`text-${variable}`} label={`${labelOf(variable)} for every row`}>
                {(wiring) => (
                  <textarea
                    {...wiring}
                    dir="auto"
                    rows={1}
                    value={source.text}
                    onChange={(event) => onChange({ ...mapping, [variable]: { text: event.target.value } })}
                    className="input field-sizing-content max-h-60 min-h-11 resize-y"
                  />
                )}
              </Field>
            )}
          </div>
        );
      })}
      {template.variables.length === 0 && <p className="text-sm text-muted">This template has no variables: it would write the same text for every row.</p>}
    </fieldset>
  );
}

function choiceOf(source: Source | undefined): string {
  if (source === undefined) return '';
  return 'text' in source ? SAME_TEXT : String(source.column);
}

function Unused({ columns }: { columns: string[] }) {
  if (columns.length === 0) return null;
  return (
    <p className="text-sm text-muted">
      <span>Not used: </span>
      <bdi>{columns.join(', ')}</bdi>
    </p>
  );
}
