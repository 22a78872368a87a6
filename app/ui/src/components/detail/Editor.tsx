import { Suspense } from 'react';

import { Button } from '../Button';
import { lazyPart } from '../lazyPart';
import { Loader } from '../Loader';
import type { EditFormProps } from './EditForm';

const EditForm = lazyPart<EditFormProps>(() => import('./EditForm'), Unloaded);

/** The form that edits a text; fetched while the text is read. */
export function Editor(props: EditFormProps) {
  return (
    <Suspense fallback={<Loader />}>
      <EditForm {...props} />
    </Suspense>
  );
}

Editor.preload = () => EditForm.preload();

interface UnloadedProps {
  props: EditFormProps;
  isTrying: boolean;
  onRetry: () => void;
}

function Unloaded({ props, isTrying, onRetry }: UnloadedProps) {
  return (
    <div role="alert" className="card mt-8 px-6 py-10 text-center">
      <p className="font-serif text-xl font-semibold">The editor could not be loaded</p>
      <p className="mt-2 text-muted">You may be offline, or the app was updated.</p>
      <div className="mt-6 flex flex-wrap justify-center gap-3">
        <Button look="primary" busy={isTrying} onClick={onRetry}>
          Try again
        </Button>
        <Button onClick={() => window.location.reload()}>Reload the app</Button>
        <Button onClick={() => props.onDone(false)}>Back to the text</Button>
      </div>
    </div>
  );
}
