import { shareOf } from '../../lib/usageWords';

interface MeterProps {
  label: string;
  room: { limit: number; used: number };
  className?: string;
}

/** A bar showing how much of a limit is used. */
export function Meter({ label, room, className = '' }: MeterProps) {
  const share = shareOf(room);
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={room.limit}
      aria-valuenow={Math.min(room.used, room.limit)}
      className={`h-2 overflow-hidden rounded-full border border-edge/60 bg-sunken ${className}`}
    >
      <div className={`h-full rounded-full ${share >= 1 ? 'bg-danger' : share >= 0.8 ? 'bg-waiting' : 'bg-accent'}`} style={{ width: `${share * 100}%` }} />
    </div>
  );
}
