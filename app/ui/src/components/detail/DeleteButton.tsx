import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';

import { forgetContent, isFinal } from '../../api/contentCache';
import { deleteContent } from '../../api/contents';
import { isStatus, messageOf } from '../../api/errors';
import type { Content } from '../../api/types';
import { useNotices } from '../../contexts/notices';
import { Button } from '../Button';
import { TrashIcon } from '../icons';

const ConfirmDialog = lazy(() => import('../ConfirmDialog'));

/** Deletes the piece after a question, and leads back to the list. */
export function DeleteButton({ content }: { content: Content }) {
  const [asking, setAsking] = useState(false);
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
      await navigate('/contents');
      forgetContent(queries, content.id);
      notices.show({ text: `“${content.title}” was deleted.` });
    },
  });

  return (
    <>
      <Button look="danger" icon={<TrashIcon className="size-4" />} onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <Suspense>
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
            “{content.title}” will be gone for good.
            {!isFinal(content.generationStatus) && ' It will not be written any more.'}
          </ConfirmDialog>
        </Suspense>
      )}
    </>
  );
}
