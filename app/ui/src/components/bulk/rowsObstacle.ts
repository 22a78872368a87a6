import { isTextUnread, type BulkDraft } from '../../hooks/useBulkDraft';
import { filledRows, MOST_ROWS } from '../../lib/sheet';

/** Why the rows cannot be used yet; null if they can. */
export function rowsObstacle(draft: BulkDraft, isReading: boolean): string | null {
  const sheet = isReading ? null : draft.sheet;
  const rows = sheet ? filledRows(sheet).length : 0;
  if (sheet && Object.keys(sheet.problems).length > 0) return 'Decide about the rows that are marked first.';
  if (rows === 0) return 'No rows yet.';
  if (isTextUnread(draft)) return 'You have changed the text since its rows were read. Read the rows again.';
  return rows > MOST_ROWS ? `${rows} rows: at most ${MOST_ROWS} at once.` : null;
}
