import { describe, expect, test } from 'vitest';

import { contentKeys, createQueryClient, storeContent } from '../api/contentCache';
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
    expect(ending).toEqual({ contentId: 'content-1', title: 'Balcony tomatoes', succeeded: true, batchId: null });
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

  test('of its cancellation is final, and shows no notice', () => {
    const { client, now } = loaded(exampleContent({ generationStatus: 'processing' }));
    expect(applyEvent(client, 'content:generation:cancelled', { contentId: 'content-1', jobId: 'job-1' })).toBeNull();
    applyEvent(client, 'content:generation:completed', { contentId: 'content-1', jobId: 'job-1', generatedText: 'Late.' });
    expect(now()).toMatchObject({ generationStatus: 'cancelled', generatedText: '' });
  });

  test('of another generation of the same content changes nothing, and the content is fetched again', () => {
    const { client, now } = loaded(exampleContent({ generationStatus: 'processing' }));
    applyEvent(client, 'content:generation:completed', { contentId: 'content-1', jobId: 'job-2', generatedText: 'Theirs.' });
    expect(now()).toMatchObject({ generationStatus: 'processing', generatedText: '' });
    expect(client.getQueryState(contentKeys.detail('content-1'))?.isInvalidated).toBe(true);
  });

  test('of a change elsewhere refetches the content, unless that revision is already shown', () => {
    const { client } = loaded(exampleContent({ revision: 4 }));
    const isInvalidated = () => client.getQueryState(contentKeys.detail('content-1'))?.isInvalidated;
    applyEvent(client, 'content:changed', { contentId: 'content-1', revision: 4 });
    expect(isInvalidated()).toBe(false);
    applyEvent(client, 'content:changed', { contentId: 'content-1', revision: 5 });
    expect(isInvalidated()).toBe(true);
  });

  const STARTED = { contentId: 'content-1', jobId: 'job-1', timestamp: '2026-11-22T12:00:01.000Z' };

  test('of its start is not undone by an answer that was under way and says that it waits', () => {
    const { client, now } = loaded(exampleContent());
    applyEvent(client, 'content:generation:started', STARTED);
    storeContent(client, exampleContent());
    expect(now()).toMatchObject({ generationStatus: 'processing', attempt: 1 });
  });

  test('of its start counts for a content that was not loaded yet', () => {
    const client = createQueryClient();
    applyEvent(client, 'content:generation:started', STARTED);
    storeContent(client, exampleContent());
    expect(client.getQueryData<Content>(contentKeys.detail('content-1'))?.generationStatus).toBe('processing');
  });

  test('of its end refetches a content whose response was sent before', () => {
    const { client } = loaded(exampleContent());
    applyEvent(client, 'content:generation:completed', { ...STARTED, generatedText: 'Sun.' });
    storeContent(client, exampleContent());
    expect(client.getQueryState(contentKeys.detail('content-1'))?.isInvalidated).toBe(true);
  });

  test.each([
    ['was sent later', { updatedAt: '2026-11-22T12:00:02.000Z' }],
    ['is about another generation', { jobId: 'job-2' }],
  ])('of its start changes no answer that %s', (_, changes) => {
    const { client, now } = loaded(exampleContent());
    applyEvent(client, 'content:generation:started', STARTED);
    storeContent(client, exampleContent(changes));
    expect(now()).toMatchObject({ generationStatus: 'pending', ...changes });
  });

  test.each([null, 'text', {}, { contentId: 7 }])('with the payload %j changes nothing', (payload) => {
    const { client, now } = loaded(exampleContent());
    expect(applyEvent(client, 'content:generation:completed', payload)).toBeNull();
    expect(now()?.generationStatus).toBe('pending');
  });
});
