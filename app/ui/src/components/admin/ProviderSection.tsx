import { useState } from 'react';

import { testProvider, type ProviderTest } from '../../api/admin';
import { useAction } from '../../hooks/useAction';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { AdminFrame } from './AdminFrame';

/** Tests the connection to the provider. */
export default function ProviderSection() {
  const [result, setResult] = useState<ProviderTest | null>(null);
  const { run, running, problem } = useAction(async () => setResult(await testProvider()));
  return (
    <AdminFrame title="Provider" lead="Asks the provider about the model, with the key of this server. That costs no tokens.">
      <Button look="primary" busy={running !== null} onClick={() => void run(true)}>
        Test the connection
      </Button>
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      {result && !result.ok && <ErrorMessage>{result.reason ?? 'The model does not answer.'}</ErrorMessage>}
      {result && (
        <div role="status" className="card p-5 text-sm">
          <dl className="grid gap-2">
            {factsOf(result).map(([label, text]) => (
              <div key={label} className="grid grid-cols-[5rem_1fr] gap-x-6">
                <dt className="text-muted">{label}</dt>
                <dd className="min-w-0 font-medium break-words">{text}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </AdminFrame>
  );
}

function factsOf({ ok, model, keySet, demo }: ProviderTest): [string, string][] {
  return [
    ['Answer', ok ? 'The model answers' : 'No'],
    ['Model', model],
    ['Key', keySet ? 'Set' : 'Not set: set GOOGLE_AI_API_KEY'],
    ['Mode', demo ? 'Demo: the local stand-in answers, and texts are placeholders' : 'Gemini'],
  ];
}
