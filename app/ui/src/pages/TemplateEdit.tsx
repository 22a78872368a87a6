import { useEffect, type ReactNode, type SyntheticEvent } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';

import { messageOf } from '../api/errors';
import type { Template } from '../api/templates';
import { BackLink } from '../components/BackLink';
import { Button, ButtonLink } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { ErrorMessage } from '../components/ErrorMessage';
import { lazyPart } from '../components/lazyPart';
import { Loader } from '../components/Loader';
import { NotKept } from '../components/NotKept';
import { OfferedDraft } from '../components/OfferedDraft';
import { PageHeading } from '../components/PageHeading';
import { PartsBoundary } from '../components/PartsBoundary';
import { SamplePreview } from '../components/templates/SamplePreview';
import { TemplateForm } from '../components/templates/TemplateForm';
import { useUser } from '../contexts/auth';
import { useNotices } from '../contexts/notices';
import { useContent } from '../hooks/useContent';
import { useFirstInvalidFocus } from '../hooks/useFirstInvalidFocus';
import { useGoOn } from '../hooks/useGoOn';
import { useIsThere } from '../hooks/useIsThere';
import { useTemplateActions } from '../hooks/useTemplateActions';
import { useTemplateForm } from '../hooks/useTemplateForm';
import { useTemplates } from '../hooks/useTemplates';
import { CONTENT_TYPE_TEXT } from '../lib/contentTypes';
import { wordsIn } from '../lib/drafts';
import { languageName } from '../lib/languages';
import { NEW_TEMPLATE, templateFromTextPlace, templatePlace } from '../lib/templatePlaces';
import { EMPTY_TEMPLATE, previewOf, templateOfText, templateValuesOf, type TemplateValues } from '../lib/templateValues';

const ConflictDialog = lazyPart(() => import('../components/ConflictDialog'));

/** Shows, edits or creates a template, optionally from the request of a text (?from=<id>). */
export default function TemplateEdit() {
  const { id } = useParams();
  const [params] = useSearchParams();
  const from = params.get('from');
  if (id === undefined) return from === null ? <TemplateEditor draft={NEW_TEMPLATE} stored={EMPTY_TEMPLATE} /> : <FromText key={from} id={from} />;
  return <Stored key={id} id={id} />;
}

function FromText({ id }: { id: string }) {
  const { data: content, error, refetch } = useContent(id);
  if (content) return <TemplateEditor draft={templateFromTextPlace(id)} stored={templateOfText(content)} />;
  return <Frame title="New template">{error ? <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage> : <Loader label="Loading the text" />}</Frame>;
}

function Stored({ id }: { id: string }) {
  const { data, error, refetch } = useTemplates();
  const template = data?.find((each) => each.id === id);
  if (template?.builtIn) return <BuiltIn template={template} />;
  if (template) return <TemplateEditor template={template} draft={templatePlace(id)} stored={templateValuesOf(template)} />;
  return (
    <Frame title="Template">
      {error && <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>}
      {!data && !error && <Loader label="Loading the template" />}
      {data && (
        <EmptyState title="We can't find this template" action={<ButtonLink to="/templates">Go to templates</ButtonLink>}>
          It was deleted, or the link is wrong.
        </EmptyState>
      )}
    </Frame>
  );
}

function BuiltIn({ template }: { template: Template }) {
  const goOn = useGoOn();
  const { busy, duplicate } = useTemplateActions();
  const copy = async () => {
    const made = await duplicate(template);
    if (made) await goOn(`/templates/${made.id}`, { subject: made.name, text: 'was made.', label: 'Open it' });
  };
  return (
    <Frame title={template.name}>
      <p className="text-muted">This template is built in. Make a copy to change it.</p>
      <div className="mt-5 flex flex-wrap gap-2.5">
        <ButtonLink to={`/templates/${template.id}/use`} look="primary">
          Use
        </ButtonLink>
        <ButtonLink to={`/bulk?template=${template.id}`}>Use with a spreadsheet</ButtonLink>
        <Button busy={busy !== null} onClick={() => void copy()}>
          Make a copy
        </Button>
      </div>
      <div className="mt-6 max-w-2xl">
        <SamplePreview template={template} />
      </div>
    </Frame>
  );
}

interface TemplateEditorProps {
  template?: Template;
  /** The place of its draft. */
  draft: string;
  stored: TemplateValues;
}

function TemplateEditor({ template, draft, stored }: TemplateEditorProps) {
  const { id: userId } = useUser();
  const navigate = useNavigate();
  const goOn = useGoOn();
  const isThere = useIsThere();
  const notices = useNotices();
  const form = useTemplateForm(userId, template?.id ?? null, draft, stored);
  const { remove } = useTemplateActions();
  const element = useFirstInvalidFocus({ submitCount: form.attempts, isSubmitting: form.isSending });

  useEffect(() => ConflictDialog.preload(), []);

  const goOnFrom = async (saved: Template | null) => {
    if (!saved) return;
    const isShown = template !== undefined || (await goOn(`/templates/${saved.id}`, { subject: saved.name, text: 'is saved.', label: 'Open it' }, { replace: true }));
    if (isShown) notices.show({ subject: saved.name, text: 'is saved.', link: { to: `/templates/${saved.id}/use`, label: 'Use it' } });
  };
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!form.isSending) await goOnFrom(await form.save());
  };
  const removeIt = async () => {
    if (template && (await remove(template)) && isThere()) await navigate('/templates');
  };

  return (
    <Frame title={template?.name ?? 'New template'}>
      <OfferedDraft drafts={form} message="An unsaved edit is kept on this device." excerptOf={wordsIn} onTakeUp={form.takeUp} />
      <div className="grid items-start gap-8 lg:grid-cols-2">
        <form ref={element} onSubmit={(event) => void submit(event)} noValidate className="min-w-0 space-y-5" aria-label="Template">
          <TemplateForm form={form} />
          {!form.isKept && <NotKept />}
          {form.problem && <ErrorMessage>{form.problem}</ErrorMessage>}
          <div className="send-bar flex flex-wrap items-center gap-2.5">
            <Button type="submit" look={form.isChanged || !template ? 'primary' : 'secondary'} busy={form.isSending}>
              Save
            </Button>
            {template && !form.isChanged && (
              <ButtonLink to={`/templates/${template.id}/use`} look="primary">
                Use
              </ButtonLink>
            )}
            {template && !form.isChanged && <ButtonLink to={`/bulk?template=${template.id}`}>Use with a spreadsheet</ButtonLink>}
            {form.isChanged && <Button onClick={form.reset}>Put it back</Button>}
            {template && (
              <Button look="danger" className="ml-auto" onClick={() => void removeIt()}>
                Delete
              </Button>
            )}
          </div>
        </form>
        <SamplePreview template={previewOf(form.values)} />
      </div>
      <PartsBoundary fallback={null}>
        {form.conflict && (
          <ConflictDialog
            what="template"
            changedAt={form.conflict.theirs.updatedAt ?? ''}
            theirs={wordsOf(templateValuesOf(form.conflict.theirs), form.conflict.fields)}
            mine={wordsOf(form.values, form.conflict.fields)}
            busy={form.isSending}
            onKeepMine={() => void form.resolve.keepMine().then(goOnFrom)}
            onUseTheirs={form.resolve.useTheirs}
            onCancel={form.resolve.later}
          />
        )}
      </PartsBoundary>
    </Frame>
  );
}

function wordsOf(values: TemplateValues, fields: (keyof TemplateValues)[]): string {
  const shown = { ...values, contentType: CONTENT_TYPE_TEXT[values.contentType].label, language: languageName(values.language) };
  return fields.map((field) => shown[field]).join('\n\n');
}

function Frame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <BackLink to="/templates">Templates</BackLink>
      <PageHeading documentTitle={title} className="mt-3">
        {title}
      </PageHeading>
      <div className="mt-6">{children}</div>
    </>
  );
}
