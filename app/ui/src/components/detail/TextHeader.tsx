import { useMemo } from 'react';

import type { Content } from '../../api/types';
import type { SavedText } from '../../hooks/useTextSaver';
import { CONTENT_TYPE_TEXT } from '../../lib/contentTypes';
import { textStatusOf } from '../../lib/textStatus';
import { lengthOf } from '../../lib/words';
import { InlineTitle } from './InlineTitle';
import { SavedNote } from './SavedNote';
import { StatusChip } from '../StatusChip';

interface TextHeaderProps {
  content: Content;
  text: SavedText;
  canEdit: boolean;
  onCompare: () => void;
}

/** The text's title, status and save state. */
export function TextHeader({ content, text: { saver, state, typed }, canEdit, onCompare }: TextHeaderProps) {
  const { generatedText } = content;
  const length = useMemo(() => (generatedText.trim() === '' ? null : lengthOf(generatedText)), [generatedText]);
  return (
    <>
      <InlineTitle
        title={typed.title}
        canEdit={canEdit}
        onType={(title) => saver.type('title', title)}
        onDone={() => void saver.saveNow().catch(() => undefined)}
      />
      <div className="mt-3 flex flex-wrap items-center gap-x-2.5 gap-y-1.5 text-sm text-muted print:hidden">
        <StatusChip status={textStatusOf({ ...content, generatedText: typed.generatedText })} />
        <span>{CONTENT_TYPE_TEXT[content.contentType].label}</span>
        {length !== null && (
          <>
            <span aria-hidden="true">·</span>
            <span>{length}</span>
          </>
        )}
        {canEdit && (
          <>
            <span aria-hidden="true">·</span>
            <SavedNote state={state} onSaveEmpty={() => void saver.saveEmpty()} onCompare={onCompare} />
          </>
        )}
      </div>
    </>
  );
}
