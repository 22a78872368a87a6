import { useNavigate } from 'react-router';

import type { Content } from '../../api/types';
import { useUser } from '../../contexts/auth';
import { beginRequest } from '../../hooks/useRequestDraft';
import { adviceFor } from '../../lib/failureAdvice';
import { Button } from '../Button';
import { AlertIcon } from '../icons';

/** Why there is no text, and what to do about it. */
export function FailurePanel({ content, reason }: { content: Content; reason: string | null }) {
  const navigate = useNavigate();
  const user = useUser();

  const startAgain = () => {
    beginRequest(user.id, { title: content.title, contentType: content.contentType, prompt: content.prompt });
    void navigate('/contents/new');
  };

  return (
    <section aria-label="What went wrong" className="mt-8 rounded-2xl bg-danger-soft px-5 py-6 sm:flex sm:gap-4 sm:px-7">
      <AlertIcon className="mb-2 size-6 text-danger sm:mt-0.5" />
      <div className="min-w-0">
        <h2 className="font-serif text-xl font-semibold text-danger">The text could not be written</h2>
        {reason && <p className="mt-2 font-medium break-words">{reason}</p>}
        <p className="mt-1">{adviceFor(reason)}</p>
        <Button look="primary" className="mt-5" onClick={startAgain}>
          Start again from this request
        </Button>
      </div>
    </section>
  );
}
