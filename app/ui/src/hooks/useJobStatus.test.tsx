import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { contentKeys } from '../api/contentCache';
import type { Liveness } from '../contexts/live';
import { exampleContent } from '../test/examples';
import { fakeServer, success } from '../test/fakeServer';
import { renderPage } from '../test/renderPage';
import { useContent } from './useContent';
import { useJobStatus } from './useJobStatus';
import type { Content } from '../api/types';

const STATUS = 'GET /api/content/job/job-1/status';
const NOON = Date.parse('2026-11-22T12:00:00Z');

function Follower({ content }: { content: Content }) {
  const { isPolling } = useJobStatus(content);
  return (
    <p>
      {content.generationStatus} {isPolling ? 'polling' : 'listening'}
    </p>
  );
}

function Page() {
  const { data } = useContent('content-1');
  return data ? <Follower content={data} /> : null;
}

async function showPending(liveness: Liveness, answers: Parameters<typeof fakeServer>[0]) {
  const content = exampleContent({ dueAt: '2026-11-22T12:01:00Z' });
  const server = fakeServer({ 'GET /api/content/content-1': () => success(content), ...answers });
  const view = renderPage(<Page />, { liveness });
  await pass(0);
  return { server, ...view };
}

async function pass(milliseconds: number) {
  await act(() => vi.advanceTimersByTimeAsync(milliseconds));
}

describe('the status of a job', () => {
  beforeEach(() => vi.useFakeTimers({ now: NOON }));
  afterEach(() => vi.useRealTimers());

  test('is polled every few seconds while the socket is down', async () => {
    const { server } = await showPending('down', { [STATUS]: () => success({ jobId: 'job-1', status: 'pending' }) });
    expect(screen.getByText('pending polling')).toBeVisible();
    await pass(10_000);
    expect(server.callsTo(STATUS)).toHaveLength(3);
  });

  test('is not polled while the socket is up and the text is not overdue', async () => {
    const { server } = await showPending('live', {});
    expect(screen.getByText('pending listening')).toBeVisible();
    await pass(60_000);
    expect(server.callsTo(STATUS)).toHaveLength(0);
  });

  test('is polled occasionally if the text is overdue although the socket is up', async () => {
    const { server } = await showPending('live', { [STATUS]: () => success({ jobId: 'job-1', status: 'pending' }) });
    await pass(66_000);
    expect(server.callsTo(STATUS)).toHaveLength(1);
  });

  test('fetches the finished text, and is not polled any more', async () => {
    const finished = exampleContent({ generationStatus: 'completed', generatedText: 'Once upon a time' });
    const { server, queries } = await showPending('down', {
      [STATUS]: () => success({ jobId: 'job-1', status: 'completed', content: finished }),
    });
    await pass(3_100);
    expect(screen.getByText('completed listening')).toBeVisible();
    expect(queries.getQueryData<Content>(contentKeys.detail('content-1'))?.generatedText).toBe('Once upon a time');
    await pass(30_000);
    expect(server.callsTo(STATUS)).toHaveLength(1);
  });

  test('brings the reason of a failure', async () => {
    const reason = 'Gemini API quota exceeded';
    const failed = exampleContent({ generationStatus: 'failed', failureReason: reason });
    let calls = 0;
    const { queries } = await showPending('down', {
      'GET /api/content/content-1': () => success(calls++ === 0 ? exampleContent({ dueAt: '2026-11-22T12:01:00Z' }) : failed),
      [STATUS]: () => success({ jobId: 'job-1', status: 'failed', failureReason: reason }),
    });
    await pass(3_100);
    expect(queries.getQueryData(contentKeys.detail('content-1'))).toMatchObject({ generationStatus: 'failed', failureReason: reason });
  });

  test('never goes back: a response older than an event changes nothing', async () => {
    const { queries } = await showPending('down', { [STATUS]: () => success({ jobId: 'job-1', status: 'pending' }) });
    act(() => void queries.setQueryData(contentKeys.detail('content-1'), exampleContent({ generationStatus: 'processing' })));
    await pass(4_000);
    expect(screen.getByText('processing polling')).toBeVisible();
  });
});
