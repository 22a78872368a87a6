import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';

import { messageOf } from '../api/errors';
import type { Template } from '../api/templates';
import { ButtonLink } from '../components/Button';
import { ErrorMessage } from '../components/ErrorMessage';
import { PlusIcon } from '../components/icons';
import { Loader } from '../components/Loader';
import { PageHeading } from '../components/PageHeading';
import { TemplateCard } from '../components/templates/TemplateCard';
import { useGoOn } from '../hooks/useGoOn';
import { useTemplateActions } from '../hooks/useTemplateActions';
import { useTemplates } from '../hooks/useTemplates';

const INTRODUCTION = 'A request with blanks, such as {{product_name}}. Fill them in for one text, or for a whole spreadsheet.';

export default function Templates() {
  const { data, error, isPending, refetch } = useTemplates();
  const own = data?.filter(({ builtIn }) => !builtIn) ?? [];
  const builtIn = data?.filter((template) => template.builtIn) ?? [];
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <PageHeading documentTitle="Templates">Templates</PageHeading>
        <ButtonLink to="/templates/new" look="primary" icon={<PlusIcon className="size-4" />}>
          New template
        </ButtonLink>
      </div>
      <p className="mt-2 max-w-2xl text-muted">{INTRODUCTION}</p>
      {error && (
        <div className="mt-6">
          <ErrorMessage onRetry={() => void refetch()}>{messageOf(error)}</ErrorMessage>
        </div>
      )}
      {isPending && <Loader label="Loading your templates" />}
      {data && (
        <>
          <Shelf title="Yours" templates={own}>
            <p className="card mt-3 px-5 py-6 text-muted">You have no template of your own yet. Copy one of those below, or use one of your texts as a template.</p>
          </Shelf>
          <Shelf title="Built in" templates={builtIn} />
        </>
      )}
    </>
  );
}

function Shelf({ title, templates, children }: { title: string; templates: Template[]; children?: ReactElement }) {
  const { busy, duplicate, remove } = useTemplateActions();
  const navigate = useNavigate();
  const goOn = useGoOn();
  const copy = async (template: Template) => {
    const made = await duplicate(template);
    if (made) await goOn(`/templates/${made.id}`, { subject: made.name, text: 'was made.', label: 'Open it' });
  };
  return (
    <section aria-label={title} className="mt-8">
      <h2 className="font-serif text-xl font-semibold">{title}</h2>
      {templates.length === 0 && children}
      <ul className="mt-3 grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {templates.map((template) => (
          <li key={template.id}>
            <TemplateCard
              template={template}
              isBusy={busy === template.id}
              onOpen={() => void navigate(`/templates/${template.id}`)}
              onDuplicate={() => void copy(template)}
              onDelete={() => void remove(template)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
