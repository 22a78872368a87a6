import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { forgetContent, isFinal } from '../../api/contentCache';
import { deleteContent } from '../../api/contents';
import { isStatus, messageOf } from '../../api/errors';
import type { Content } from '../../api/types';
import { useUser } from '../../contexts/auth';
import { useNotices } from '../../contexts/notices';
import { forgetDraftsOf } from '../../lib/drafts';
import { Button } from '../Button';
import { ConfirmDialog } from '../ConfirmDialog';
import { TrashIcon } from '../icons';
import { Quoted } from '../Quoted';

/** Deletes the piece after a question, and leads back to the list. */
export function DeleteButton({ content }: { content: Content }) {
  const [asking, setAsking] = useState(false);
  const { id: userId } = useUser();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const notices = useNotices();

  const deletion = useMutation({
    mutationFn: async () => {
      try {
        await deleteContent(content.id);
      } catch (error) {
        // Another tab was faster: it is gone, which is what was wanted.
        if (!isStatus(error, 404)) throw error;
      }
    },
    onSuccess: async () => {
      forgetDraftsOf({ userId, text: content.id });
      await navigate('/contents');
      forgetContent(queries, content.id);
      notices.show({ subject: content.title, text: 'was deleted.' });
    },
  });

  return (
    <>
      <Button look="danger" icon={<TrashIcon className="size-4" />} onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <ConfirmDialog
          title="Delete this text?"
          confirm="Delete"
          busy={deletion.isPending}
          error={deletion.error && messageOf(deletion.error)}
          onConfirm={() => deletion.mutate()}
          onCancel={() => {
            setAsking(false);
            deletion.reset();
          }}
        >
          <p>
            <Quoted title={content.title}>will be gone for good.</Quoted>
            {!isFinal(content.generationStatus) && <span> It will not be written any more.</span>}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
