import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { batchKeys, type Batch } from '../../api/batchKeys';
import { listBatches, startBatch, type BatchOrder } from '../../api/batches';
import { messageOf } from '../../api/errors';
import type { BulkDraft } from '../../hooks/useBulkDraft';
import { useGoOn } from '../../hooks/useGoOn';
import { useLimits } from '../../hooks/useLimits';
import { useTellIfGone } from '../../hooks/useTellIfGone';
import { durationSaid } from '../../lib/duration';
import { usesOf } from '../../lib/usageWords';
import { textsSaid } from '../../lib/words';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { Field } from '../Field';

interface WriteStepProps {
  draft: BulkDraft;
  order: BatchOrder;
  templateName: string;
  onChange: (changes: Partial<BulkDraft>) => void;
  /** Called with the key of the draft that was sent. */
  onSent: (key: string) => void;
}

const LONGEST_NAME = 80;

/** Step 4: the number of texts and the estimated duration, before anything is sent. */
export function WriteStep({ draft, order, templateName, onChange, onSent }: WriteStepProps) {
  const goOn = useGoOn();
  const tellIfGone = useTellIfGone();
  const queries = useQueryClient();
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const total = order.items.length;
  const pace = usePace();
  const uses = usesOf(useLimits({ ask: false }), total);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (isSending) return;
    const name = draft.name.trim();
    setSending(true);
    setProblem(null);
    try {
      const { key } = draft;
      const batch = await startBatch({ ...order, ...(name === '' ? {} : { name }) }, key);
      queries.setQueryData(batchKeys.detail(batch.id), batch);
      void queries.invalidateQueries({ queryKey: batchKeys.lists });
      onSent(key);
      await goOn(`/bulk/${batch.id}`, { subject: batch.name, text: 'was sent.', label: 'Watch it' });
    } catch (error) {
      if (tellIfGone({ subject: name === '' ? templateName : name, text: 'could not be sent', error, to: '/bulk', label: 'Open the rows' })) return;
      setProblem(messageOf(error));
      setSending(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="max-w-xl space-y-5" noValidate aria-label="Write the texts">
      <Field id="batch-name" label="Name of this batch" hint="To find it again. Without one it is named after the template.">
        {(wiring) => (
          <input
            {...wiring}
            type="text"
            dir="auto"
            maxLength={LONGEST_NAME}
            readOnly={isSending}
            value={draft.name}
            placeholder={templateName}
            onChange={(event) => onChange({ name: event.target.value })}
            className="input"
          />
        )}
      </Field>
      <p className="text-lg font-semibold">{[textsSaid(total), pace === null ? null : `about ${durationSaid(pace * total)}`, uses].filter(Boolean).join(', ')}</p>
      <p className="text-sm text-muted">{pace === null ? 'They are written one after the other, beside your other texts. You can leave this page in the meantime.' : 'As fast as your last batch. You can leave this page in the meantime.'}</p>
      {problem && <ErrorMessage>{problem}</ErrorMessage>}
      <div className="send-bar">
        <Button type="submit" look="primary" busy={isSending} className="min-h-11 px-6 text-base">
          {`Write ${total}`}
        </Button>
      </div>
    </form>
  );
}

/** Milliseconds per text in the newest finished batch; null if there is none. */
function usePace(): number | null {
  const { data } = useQuery({ queryKey: batchKeys.list(1), queryFn: ({ signal }) => listBatches(1, signal) });
  const last = data?.batches.find(({ state, finishedAt, counts }) => state === 'finished' && finishedAt !== null && counts.completed > 0);
  return last ? paceOf(last) : null;
}

function paceOf({ createdAt, finishedAt, counts }: Batch): number {
  return (Date.parse(finishedAt ?? createdAt) - Date.parse(createdAt)) / counts.total;
}
