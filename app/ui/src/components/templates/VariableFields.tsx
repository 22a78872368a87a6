import { labelOf } from '../../lib/templateText';
import { Field } from '../Field';

interface VariableFieldsProps {
  variables: readonly string[];
  values: Record<string, string>;
  errors?: Partial<Record<string, string>>;
  onChange: (variable: string, value: string) => void;
}

/** One field for each variable of a template. */
export function VariableFields({ variables, values, errors, onChange }: VariableFieldsProps) {
  return (
    <div className="space-y-4">
      {variables.map((variable) => (
        <Field key={variable} id={`variable-${variable}`} label={labelOf(variable)} error={errors?.[variable]}>
          {(wiring) => (
            <textarea
              {...wiring}
              dir="auto"
              rows={1}
              value={values[variable] ?? ''}
              onChange={(event) => onChange(variable, event.target.value)}
              className="input field-sizing-content max-h-60 min-h-11 resize-y"
            />
          )}
        </Field>
      ))}
    </div>
  );
}
