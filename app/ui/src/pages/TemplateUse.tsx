import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SyntheticEvent } from 'react';
import { useParams } from 'react-router';

import { storeContent } from '../api/contentCache';
import { ApiError, messageOf } from '../api/errors';
import { generateFromTemplate, type Template } from '../api/templates';
import { BackLink } from '../components/BackLink';
import { Button, ButtonLink } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { ErrorMessage } from '../components/ErrorMessage';
import { Loader } from '../components/Loader';
import { NotKept } from '../components/NotKept';
import { OfferedDraft } from '../components/OfferedDraft';
import { PageHeading } from '../components/PageHeading';
import { RequestPreview } from '../components/templates/RequestPreview';
import { VariableFields } from '../components/templates/VariableFields';
import { useUser } from '../contexts/auth';
import { useFirstInvalidFocus } from '../hooks/useFirstInvalidFocus';
import { useGoOn } from '../hooks/useGoOn';
import { useKeptChanges } from '../hooks/useKeptChanges';
import { useTellIfGone } from '../hooks/useTellIfGone';
import { useTemplates } from '../hooks/useTemplates';
import { wordsIn, type Draft } from '../lib/drafts';
import { newId } from '../lib/tabId';
import { templateValuesPlace } from '../lib/templatePlaces';
import { withoutValue } from '../lib/templateText';

/** Creates a text from a template, with a field for each variable. */
export default function TemplateUse() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useTemplates();
  const template = data?.find((each) => each.id === id);
  return (
    <>
      <BackLink to="/templates">Templates</BackLink>
      <PageHeading documentTitle={template?.name ?? 'Template'} className="mt-3">
        {template?.name ?? 'Template'}
      </PageHeading>
      <div className="mt-6">
        {template && <UseForm key={id} template={template} />}
        {error && !data && <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>}
        {!data && !error && <Loader label="Loading the template" />}
        {data && !template && (
          <EmptyState title="We can't find this template" action={<ButtonLink to="/templates">Go to templates</ButtonLink>}>
            It was deleted, or the link is wrong.
          </EmptyState>
        )}
      </div>
    </>
  );
}

function UseForm({ template }: { template: Template }) {
  const form = useValues(template);
  const element = useFirstInvalidFocus({ submitCount: form.attempts, isSubmitting: form.isSending });
  return (
    <>
      <OfferedDraft drafts={form} message="Values that were not sent are kept on this device." excerptOf={wordsIn} onTakeUp={form.takeUp} />
      <div className="grid items-start gap-8 lg:grid-cols-2">
        <form ref={element} onSubmit={(event) => void form.submit(event)} noValidate className="min-w-0 space-y-5" aria-label="Values">
          {template.variables.length === 0 && <p className="text-muted">This template has no variables, so it asks for the same text every time.</p>}
          <VariableFields variables={template.variables} values={form.values} errors={form.errors} onChange={form.set} />
          {!form.isKept && <NotKept />}
          {form.problem && <ErrorMessage>{form.problem}</ErrorMessage>}
          <div className="send-bar flex flex-wrap items-center gap-2.5">
            <Button type="submit" look="primary" busy={form.isSending} className="min-h-11 px-6 text-base">
              Write it
            </Button>
            <ButtonLink to={`/bulk?template=${template.id}`}>Use with a spreadsheet</ButtonLink>
          </div>
        </form>
        <section aria-label="Preview" className="card p-5">
          <h2 className="text-sm font-semibold text-muted">What is asked for</h2>
          <div className="mt-3">
            <RequestPreview template={template} values={form.values} />
          </div>
        </section>
      </div>
    </>
  );
}

/** The typed values of the variables, stored on this device until the request is sent. */
function useValues(template: Template) {
  const { id: userId } = useUser();
  const queries = useQueryClient();
  const goOn = useGoOn();
  const tellIfGone = useTellIfGone();
  const empty: Record<string, string> = Object.fromEntries(template.variables.map((name) => [name, '']));
  const edit = useKeptChanges(userId, templateValuesPlace(template.id), empty, (kept) => kept);
  const { values } = edit;
  const [errors, setErrors] = useState<Partial<Record<string, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const key = useRef(newId());

  const set = (name: string, value: string) => {
    key.current = newId();
    edit.set(name, value);
    setErrors((before) => ({ ...before, [name]: undefined }));
  };
  const takeUp = (draft: Draft) => {
    key.current = newId();
    edit.takeUp(draft);
  };
  const show = (error: unknown) => {
    const said = error instanceof ApiError ? error.fieldErrors : [];
    const placed = said.flatMap(({ field, message }) => (field.startsWith('variables.') ? [[field.slice(10), message] as const] : []));
    setErrors(Object.fromEntries(placed));
    setProblem(placed.length > 0 ? null : [messageOf(error), ...said.map(({ message }) => message)].join(' '));
    setSending(false);
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (isSending) return;
    const missing = withoutValue(template.variables, values);
    setAttempts((before) => before + 1);
    setErrors(Object.fromEntries(missing.map((name) => [name, `${name} has no value. Fill it in, or take it out of the template.`])));
    setProblem(null);
    if (missing.length > 0) return;
    setSending(true);
    try {
      const own = Object.fromEntries(template.variables.map((name) => [name, values[name] ?? '']));
      const content = await generateFromTemplate(template.id, own, key.current);
      storeContent(queries, content);
      edit.forget(values);
      await goOn(`/contents/${content.id}`, { subject: content.title, text: 'was sent.', label: 'Watch it' });
    } catch (error) {
      if (!tellIfGone({ subject: template.name, text: 'could not be sent', error, to: `/templates/${template.id}/use`, label: 'Open the form' })) show(error);
    }
  };
  return { ...edit, errors, problem, isSending, attempts, set, takeUp, submit };
}
