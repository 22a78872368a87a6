import { expect, test } from 'vitest';

import { noticeOf, noticeOfBatch } from './useEndingNotices';

const ending = (succeeded: boolean, title: string | null = 'Mug') => ({ contentId: 'a', title, succeeded, batchId: null });

test('one ending names its text, several are one notice', () => {
  expect(noticeOf([ending(true)])).toMatchObject({ subject: 'Mug', text: 'is ready.', link: { to: '/contents/a' } });
  expect(noticeOf([ending(true), ending(true)]).text).toBe('2 texts are ready.');
  expect(noticeOf([ending(true), ending(false), ending(false)])).toMatchObject({
    text: '1 text is ready, 2 could not be written.',
    link: { to: '/contents?generation=failed' },
  });
  expect(noticeOf([ending(false), ending(false)]).text).toBe('2 could not be written.');
});

test('a batch is one notice, however many rows it has', () => {
  const counts = { total: 60, pending: 0, processing: 0, completed: 60, failed: 0, cancelled: 0 };
  expect(noticeOfBatch({ batchId: 'b', counts })).toMatchObject({ text: 'All 60 texts of your batch are ready.', link: { to: '/bulk/b' } });
  expect(noticeOfBatch({ batchId: 'b', counts: { ...counts, completed: 58, failed: 2 } })).toMatchObject({
    text: 'Your batch is done: 58 of 60 texts are ready, 2 could not be written.',
    link: { label: 'See which' },
  });
});
