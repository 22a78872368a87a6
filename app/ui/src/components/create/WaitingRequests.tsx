import { useOnline } from '../../hooks/useOnline';
import { forgetOutgoing, useOutgoing, type Outgoing } from '../../lib/outgoing';
import { provisionalTitle } from '../../lib/newText';
import { isBlank } from '../../lib/validation';
import { Button } from '../Button';

interface WaitingRequestsProps {
  userId: string;
  /** Puts a request back into the form. */
  onTakeBack: (outgoing: Outgoing) => void;
}

/** The unsent requests stored on this device, each with a button that puts it back into the form. */
export default function WaitingRequests({ userId, onTakeBack }: WaitingRequestsProps) {
  const waiting = useOutgoing(userId);
  const isOnline = useOnline();
  return (
    <div role="status">
      {waiting.map((outgoing) => (
        <section key={outgoing.draft.key} aria-label="Not sent yet" className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl bg-waiting-soft px-5 py-4">
          <div className="min-w-0 flex-1 basis-64">
            <p className="font-semibold">{explanation(outgoing, isOnline)}</p>
            <bdi className="mt-0.5 block truncate text-sm text-muted">{nameOf(outgoing)}</bdi>
          </div>
          <Button
            onClick={() => {
              forgetOutgoing(outgoing);
              onTakeBack(outgoing);
            }}
          >
            {outgoing.obstacle === 'full' ? 'Keep it here' : 'Cancel'}
          </Button>
        </section>
      ))}
    </div>
  );
}

function explanation({ obstacle }: Outgoing, isOnline: boolean): string {
  if (!isOnline) return "You're offline. Your request is saved and will be sent when you're back.";
  if (obstacle === 'full') return "Too many of your texts are already waiting. We'll add this one as soon as there's room.";
  return 'Your request is saved and is being sent.';
}

function nameOf({ values: { title = '', prompt = '' } }: Outgoing): string {
  return isBlank(title) ? provisionalTitle(prompt) : title;
}
