import { expect, test } from 'vitest';

import { noticeOf } from './useEndingNotices';

const ending = (succeeded: boolean, title: string | null = 'Mug') => ({ contentId: 'a', title, succeeded });

test('one ending names its text, several are one notice', () => {
  expect(noticeOf([ending(true)])).toMatchObject({ subject: 'Mug', text: 'is ready.', link: { to: '/contents/a' } });
  expect(noticeOf([ending(true), ending(true)]).text).toBe('2 texts are ready.');
  expect(noticeOf([ending(true), ending(false), ending(false)])).toMatchObject({
    text: '1 text is ready, 2 could not be written.',
    link: { to: '/contents?generation=failed' },
  });
  expect(noticeOf([ending(false), ending(false)]).text).toBe('2 could not be written.');
});
