import { beforeEach, expect, test } from 'vitest';

import { exampleContent, examplePage } from '../test/examples';
import { fakeServer, success } from '../test/fakeServer';
import { forgetGenerationEvents, recordGenerationEvent } from './latestGenerationEvents';
import { getContent, listContents } from './contents';

const WAITING = exampleContent({ updatedAt: '2026-11-22T12:00:00.000Z' });
const FINISHED = exampleContent({ generationStatus: 'completed', generatedText: 'Sun.', updatedAt: '2026-11-22T12:00:01.000Z' });
const FILTERS = { page: 1, size: null, cursor: null, q: null, tag: null, batchId: null, sort: null, trash: null, contentType: null, generationStatus: null, status: null };

beforeEach(forgetGenerationEvents);

/** A server whose first answer was sent before the generation ended, and whose second was sent after it. */
function overtaken(path: string, answer: (content: typeof WAITING) => unknown) {
  let answers = 0;
  return fakeServer({
    [path]: () => {
      answers += 1;
      recordGenerationEvent(WAITING.id, { jobId: WAITING.jobId ?? '', at: Date.parse('2026-11-22T12:00:00.500Z'), progress: 'ended' });
      return success(answer(answers === 1 ? WAITING : FINISHED));
    },
  });
}

test('a content whose end event arrives before the response is fetched again', async () => {
  const path = `GET /api/content/${WAITING.id}`;
  const server = overtaken(path, (content) => content);
  expect(await getContent(WAITING.id)).toMatchObject({ generationStatus: 'completed', generatedText: 'Sun.' });
  expect(server.callsTo(path)).toHaveLength(2);
});

test('so is a list with such a content', async () => {
  const path = 'GET /api/content';
  const server = overtaken(path, (content) => examplePage([content]));
  expect((await listContents(FILTERS)).contents).toMatchObject([{ generationStatus: 'completed', generatedText: 'Sun.' }]);
  expect(server.callsTo(path)).toHaveLength(2);
});
