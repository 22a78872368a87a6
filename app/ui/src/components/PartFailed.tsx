import { Button } from './Button';

interface PartFailedProps {
  isTrying: boolean;
  onRetry: () => void;
}

/** Shown instead of a part of the app that could not be loaded. */
export function PartFailed({ isTrying, onRetry }: PartFailedProps) {
  return (
    <div role="alert" className="card mx-auto my-10 max-w-xl px-6 py-10 text-center">
      <h1 className="font-serif text-2xl font-semibold">This page could not be loaded</h1>
      <p className="mt-3 text-muted">
        You may be offline, or the app was updated. What you typed is kept on this device.
      </p>
      <div className="mt-6 flex flex-wrap justify-center gap-3">
        <Button look="primary" busy={isTrying} onClick={onRetry}>
          Try again
        </Button>
        <Button onClick={() => window.location.reload()}>Reload the app</Button>
      </div>
    </div>
  );
}
