import { describe, expect, test } from 'vitest';

import { contentKeys, createQueryClient } from '../api/contentCache';
import type { Content } from '../api/types';
import { exampleContent } from '../test/examples';
import { applyEvent } from './events';

function loaded(content: Content) {
  const client = createQueryClient();
  client.setQueryData(contentKeys.detail(content.id), content);
  return { client, now: () => client.getQueryData<Content>(contentKeys.detail(content.id)) };
}

describe('an event of a generation', () => {
  test('of its start shows that it is being written', () => {
    const { client, now } = loaded(exampleContent());
    applyEvent(client, 'content:generation:started', { contentId: 'content-1' });
    expect(now()?.generationStatus).toBe('processing');
  });

  test('of its completion brings the text, and tells of the ending', () => {
    const { client, now } = loaded(exampleContent({ generationStatus: 'processing' }));
    const ending = applyEvent(client, 'content:generation:completed', { contentId: 'content-1', title: 'Balcony tomatoes', generatedText: 'Sun.' });
    expect(now()).toMatchObject({ generationStatus: 'completed', generatedText: 'Sun.' });
    expect(ending).toEqual({ contentId: 'content-1', title: 'Balcony tomatoes', succeeded: true });
  });

  test('of its failure brings the reason', () => {
    const { client, now } = loaded(exampleContent({ generationStatus: 'processing' }));
    applyEvent(client, 'content:generation:failed', { contentId: 'content-1', failureReason: 'Quota' });
    expect(now()).toMatchObject({ generationStatus: 'failed', failureReason: 'Quota' });
  });

  test.each(['content:generation:started', 'content:generation:retrying', 'content:generation:failed'] as const)(
    '%s that comes too late does not undo a finished text',
    (name) => {
      const { client, now } = loaded(exampleContent({ generationStatus: 'completed', generatedText: 'Edited since.' }));
      applyEvent(client, name, { contentId: 'content-1' });
      expect(now()).toMatchObject({ generationStatus: 'completed', generatedText: 'Edited since.' });
    },
  );

  test.each([null, 'text', {}, { contentId: 7 }])('with the payload %j changes nothing', (payload) => {
    const { client, now } = loaded(exampleContent());
    expect(applyEvent(client, 'content:generation:completed', payload)).toBeNull();
    expect(now()?.generationStatus).toBe('pending');
  });
});
