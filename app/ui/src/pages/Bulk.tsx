import { useEffect } from 'react';
import { useSearchParams } from 'react-router';

import { BatchList } from '../components/bulk/BatchList';
import { CheckStep } from '../components/bulk/CheckStep';
import { rowsObstacle } from '../components/bulk/rowsObstacle';
import { RowsStep } from '../components/bulk/RowsStep';
import { Steps, STEPS } from '../components/bulk/Steps';
import { TemplateStep } from '../components/bulk/TemplateStep';
import { WriteStep } from '../components/bulk/WriteStep';
import { Button } from '../components/Button';
import { NotKept } from '../components/NotKept';
import { OfferedDraft } from '../components/OfferedDraft';
import { PageHeading } from '../components/PageHeading';
import { useUser } from '../contexts/auth';
import { useNotices } from '../contexts/notices';
import { firstRowOf, useBulkDraft } from '../hooks/useBulkDraft';
import { useBulkOrder } from '../hooks/useBulkOrder';
import { useReadRows } from '../hooks/useReadRows';
import { useTemplates } from '../hooks/useTemplates';
import { mappingFor, unmapped } from '../lib/sheet';

/** Creates a batch in four steps. The step is in the URL, so that Back goes one step back. */
export default function Bulk() {
  const { id: userId } = useUser();
  const notices = useNotices();
  const kept = useBulkDraft(userId);
  const { draft, isKept, change } = kept;
  const reading = useReadRows(kept);
  const [step, go] = useStep();
  useChosenTemplate(draft.templateId, (templateId) => change({ templateId }));
  const { data: templates } = useTemplates();
  const { sheet } = draft;
  const template = templates?.find(({ id }) => id === draft.templateId);
  const obstacle = rowsObstacle(draft, reading.isReading);
  const hasRows = obstacle === null;
  const mapping = sheet && template ? mappingFor(template.variables, sheet, draft.mapping) : {};
  const isMapped = template !== undefined && unmapped(template.variables, mapping).length === 0;
  const bulk = useBulkOrder(sheet, template, mapping, hasRows && isMapped && step >= 3);
  const isGood = bulk.checked !== undefined && bulk.faults.length === 0;
  const reachable = !hasRows ? 1 : !isMapped ? 2 : !isGood ? 3 : 4;
  // While templates are loading after a reload, the user is not sent back a step.
  const shown = templates ? Math.min(step, reachable) : Math.min(step, hasRows ? 2 : 1);

  const startAgain = () => {
    const before = draft;
    reading.stop();
    const emptied = kept.forget();
    go(1);
    notices.show({ text: 'The table is empty again.', action: { label: 'Undo', run: () => kept.putBack(before, emptied) } });
  };

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <PageHeading documentTitle="Bulk">Many texts at once</PageHeading>
        {sheet && <Button onClick={startAgain}>Start again</Button>}
      </div>
      <p className="mt-2 max-w-2xl text-muted">A row of a spreadsheet becomes a text: up to 500 at once.</p>
      <OfferedDraft
        drafts={kept}
        message="Unfinished rows are kept on this device."
        excerptOf={firstRowOf}
        onTakeUp={(other) => {
          reading.stop();
          kept.takeUp(other);
        }}
      />
      <div className="mt-6 space-y-6">
        <Steps current={shown} reachable={reachable} onGo={go} />
        {!isKept && <NotKept />}
        <section aria-label={`Step ${shown}`}>
          {shown === 1 && <RowsStep draft={draft} reading={reading} obstacle={obstacle} onChange={change} onNext={() => go(2)} />}
          {shown === 2 && sheet && <TemplateStep draft={draft} sheet={sheet} onChange={change} onNext={() => go(3)} />}
          {shown === 3 && sheet && template && (
            <CheckStep sheet={sheet} template={template} bulk={bulk} onChange={change} onBack={() => go(1)} onNext={() => go(4)} />
          )}
          {shown === 4 && template && <WriteStep draft={draft} order={bulk.order} templateName={template.name} onChange={change} onSent={kept.forgetBatch} />}
        </section>
      </div>
      {shown === 1 && <BatchList />}
    </>
  );
}

function useStep(): [number, (step: number) => void] {
  const [params, setParams] = useSearchParams();
  const step = Number(params.get('step') ?? '1');
  const go = (next: number) => {
    setParams(next === 1 ? {} : { step: String(next) });
    window.scrollTo({ top: 0 });
  };
  return [STEPS[step - 1] === undefined ? 1 : step, go];
}

/** Selects the template of ?template=<id>, as linked from a template's page. */
function useChosenTemplate(chosen: string, choose: (templateId: string) => void): void {
  const [params] = useSearchParams();
  const wanted = params.get('template');
  useEffect(() => {
    if (wanted !== null && wanted !== '' && wanted !== chosen) choose(wanted);
    // Only once, so that it does not override a later choice.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
}
