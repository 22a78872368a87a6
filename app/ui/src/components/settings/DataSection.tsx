import { useState } from 'react';

import { deleteAccount, downloadEverything } from '../../api/account';
import { ApiError } from '../../api/errors';
import { useAuth } from '../../contexts/auth';
import { useAction } from '../../hooks/useAction';
import { Button } from '../Button';
import { ErrorMessage } from '../ErrorMessage';
import { DownloadIcon } from '../icons';
import { DeleteAccountForm } from './DeleteAccountForm';
import { SectionFrame } from './SectionFrame';

/** Export of all the user's data, and deletion of the account. */
export default function DataSection() {
  const { forgetAccount } = useAuth();
  const [isDeleting, setDeleting] = useState(false);
  const exporting = useAction<'everything'>(() => downloadEverything());

  const remove = async (password: string): Promise<string | null> => {
    try {
      await deleteAccount(password);
    } catch (error) {
      if (error instanceof ApiError && error.fieldErrors.some(({ field }) => field === 'password')) return 'This is not your password.';
      throw error;
    }
    forgetAccount();
    return null;
  };

  return (
    <SectionFrame title="Your data" lead="Everything here is yours: take it with you, or have it removed.">
      <section aria-labelledby="export-title" className="card p-5">
        <h2 id="export-title" className="font-semibold">
          Export everything
        </h2>
        <p className="mt-1 text-muted">
          A zip with all your texts (as Markdown and JSON) and their versions, your templates, batches, usage, keys, webhooks and
          sessions. Passwords and secrets are not in it.
        </p>
        {exporting.problem && (
          <div className="mt-4">
            <ErrorMessage>{exporting.problem}</ErrorMessage>
          </div>
        )}
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <Button icon={<DownloadIcon className="size-4" />} busy={exporting.running !== null} onClick={() => void exporting.run('everything')}>
            Export everything
          </Button>
          <p role="status" className="text-sm text-muted">
            {exporting.running === null ? '' : 'Putting it together. Many texts take a while.'}
          </p>
        </div>
      </section>

      <section aria-labelledby="delete-title" className="mt-6 rounded-2xl border border-danger/50 p-5">
        <h2 id="delete-title" className="font-semibold">
          Delete account
        </h2>
        <p className="mt-1 text-muted">
          Your account and everything in it is removed for good: texts with all their versions, templates, batches, usage, API keys and
          webhooks. What is being written stops. Nobody can bring it back, so export it first if you may want it.
        </p>
        {isDeleting ? (
          <DeleteAccountForm onDelete={remove} onCancel={() => setDeleting(false)} />
        ) : (
          <Button look="danger" className="mt-4" onClick={() => setDeleting(true)}>
            Delete account…
          </Button>
        )}
      </section>
    </SectionFrame>
  );
}
