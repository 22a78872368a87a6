import { useMutation, useQueryClient } from '@tanstack/react-query';

import { storeContent } from '../../api/contentCache';
import { updateContent } from '../../api/contents';
import { messageOf } from '../../api/errors';
import type { Content } from '../../api/types';
import { useNotices } from '../../contexts/notices';
import { Button } from '../Button';
import { GlobeIcon } from '../icons';

export function PublishButton({ content }: { content: Content }) {
  const queries = useQueryClient();
  const notices = useNotices();
  const isPublished = content.status === 'published';

  const change = useMutation({
    mutationFn: () => updateContent(content.id, { status: isPublished ? 'draft' : 'published' }),
    onSuccess: (changed) => {
      storeContent(queries, changed);
      notices.show({ text: changed.status === 'published' ? 'Published.' : 'Back to a draft.' });
    },
    onError: (error) => notices.show({ text: messageOf(error) }),
  });

  return (
    <Button
      look={isPublished ? 'secondary' : 'primary'}
      busy={change.isPending}
      icon={<GlobeIcon className="size-4" />}
      onClick={() => change.mutate()}
    >
      {isPublished ? 'Unpublish' : 'Publish'}
    </Button>
  );
}
