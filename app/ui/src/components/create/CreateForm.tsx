import { useEffect, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';

import { useUser } from '../../contexts/auth';
import { useNotices } from '../../contexts/notices';
import { useFirstInvalidFocus } from '../../hooks/useFirstInvalidFocus';
import { startingValues, useRequestDraft } from '../../hooks/useRequestDraft';
import { useSendRequest } from '../../hooks/useSendRequest';
import { EMPTY_TEXT, newTextOf, newTextResolver, type NewTextValues } from '../../lib/newText';
import { useOutgoing, type Outgoing } from '../../lib/outgoing';
import { ErrorMessage } from '../ErrorMessage';
import { lazyPart } from '../lazyPart';
import { NotKept } from '../NotKept';
import { OfferedDraft } from '../OfferedDraft';
import { PartsBoundary } from '../PartsBoundary';
import { TypeChoice } from '../TypeChoice';
import { SendBar } from './SendBar';
import { WishFields } from './WishFields';

/** Optional: the form works even if this part cannot be loaded. */
const ExamplePrompt = lazyPart(() => import('../ExamplePrompt'), () => null);
const BriefOptions = lazyPart(() => import('./BriefOptions'), () => null);
const WaitingRequests = lazyPart(() => import('./WaitingRequests'), () => null);

/** The form for a new text, with stored drafts and unsent requests. */
export default function CreateForm() {
  const user = useUser();
  const { id: userId } = user;
  const notices = useNotices();
  const [initial] = useState(() => startingValues(user));
  const form = useForm<NewTextValues>({ resolver: newTextResolver, defaultValues: initial, shouldFocusError: false });
  const { errors, isSubmitting, submitCount } = form.formState;
  const element = useFirstInvalidFocus({ submitCount, isSubmitting });
  const values = { ...EMPTY_TEXT, ...useWatch({ control: form.control }) };
  const drafts = useRequestDraft(form, userId);
  const { submit, problem } = useSendRequest(form, userId, drafts.keyFor);
  const hasWaiting = useOutgoing(userId).length > 0;
  useEffect(() => WaitingRequests.preload(), []);

  const fill = (request: Partial<NewTextValues>, text: string) => {
    const undo = drafts.replace({ ...EMPTY_TEXT, contentType: values.contentType, ...request });
    form.setFocus('prompt');
    notices.show({ text, action: { label: 'Undo', run: undo } });
  };
  const takeBack = ({ values: kept, key, obstacle }: Outgoing) => {
    drafts.replace(newTextOf(kept), key);
    if (obstacle === 'offline' && navigator.onLine) notices.show({ text: 'It may have been sent already. If you send it again unchanged, it is still written only once.' });
  };

  return (
    <>
      <PartsBoundary fallback={null}>
        {hasWaiting && <WaitingRequests userId={userId} onTakeBack={takeBack} />}
      </PartsBoundary>
      <OfferedDraft drafts={drafts} message="An unfinished text is kept on this device." onTakeUp={drafts.takeUp} />
      <div className="mt-6 grid items-start gap-8 lg:grid-cols-[27.5rem_minmax(0,1fr)]">
        {/* The shortcut works wherever the focus is in the form. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <form
          ref={element}
          onSubmit={submit}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isSubmitting) void submit();
          }}
          noValidate
          className="min-w-0 space-y-5"
        >
          <TypeChoice registration={form.register('contentType')} chosen={values.contentType} error={errors.contentType?.message} />
          <WishFields values={values} register={form.register} errors={errors} />
          <PartsBoundary fallback={<div className="min-h-64" />}>
            <BriefOptions values={values} register={form.register} setValue={form.setValue} errors={errors} />
          </PartsBoundary>
          {problem && <ErrorMessage>{problem}</ErrorMessage>}
          {!drafts.isKept && <NotKept />}
          <SendBar values={values} busy={isSubmitting} onStartAgain={() => fill({}, 'The form is empty again.')} />
        </form>
        <div className="min-w-0 space-y-6 lg:sticky lg:top-8">
          <PartsBoundary fallback={null}>
            <ExamplePrompt type={values.contentType} onUse={(example) => fill(example, 'Example inserted.')} />
          </PartsBoundary>
        </div>
      </div>
    </>
  );
}
