import type { Content } from '../../api/types';
import { failureWords } from '../../lib/failureWords';

/** Why a text could not be written. */
export default function FailureReason({ content }: { content: Content }) {
  return <span>{failureWords(content.failureCode, content.failureReason).reason}</span>;
}
