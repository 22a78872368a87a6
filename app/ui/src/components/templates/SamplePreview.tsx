import { useState } from 'react';

import type { Template } from '../../api/templates';
import { sampleOf, variablesOf } from '../../lib/templateText';
import { RequestPreview } from './RequestPreview';
import { VariableFields } from './VariableFields';

/** The preview of a template with editable sample values. */
export function SamplePreview({ template }: { template: Pick<Template, 'title' | 'prompt' | 'brief'> }) {
  const [typed, setTyped] = useState<Record<string, string>>({});
  const variables = variablesOf(template);
  const values = Object.fromEntries(variables.map((name) => [name, typed[name] ?? sampleOf(name)]));
  const isEmpty = template.title.trim() === '' && template.prompt.trim() === '';
  return (
    <section aria-label="Preview" className="card p-5 lg:sticky lg:top-8">
      <h2 className="text-sm font-semibold text-muted">With sample values</h2>
      <div className="mt-3">
        {isEmpty ? <p className="text-muted">Title and request appear here while you write them.</p> : <RequestPreview template={template} values={values} />}
      </div>
      {variables.length > 0 && (
        <details className="mt-5 border-t border-line pt-4">
          <summary className="rounded-lg text-sm font-semibold">Change the sample values</summary>
          <div className="mt-4">
            <VariableFields variables={variables} values={values} onChange={(name, value) => setTyped({ ...typed, [name]: value })} />
          </div>
        </details>
      )}
    </section>
  );
}
