import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { clearRetryNote, setRetryNote } from '../../realtime/retryNotes';
import { exampleContent } from '../../test/examples';
import { renderPage } from '../../test/renderPage';
import { GenerationLife } from './GenerationLife';

const NOON = Date.parse('2026-11-22T12:00:00Z');

describe('the life of a generation', () => {
  beforeEach(() => vi.useFakeTimers({ now: NOON }));
  afterEach(() => {
    act(() => clearRetryNote('content-1'));
    vi.useRealTimers();
  });

  test('counts down to the time that the server gave, second by second', () => {
    renderPage(<GenerationLife content={exampleContent({ dueAt: '2026-11-22T12:01:00Z' })} />);
    expect(screen.getByRole('timer')).toHaveTextContent('1:00');
    act(() => void vi.advanceTimersByTime(1_000));
    expect(screen.getByRole('timer')).toHaveTextContent('0:59');
    act(() => void vi.advanceTimersByTime(52_000));
    expect(screen.getByRole('timer')).toHaveTextContent('0:07');
  });

  test('says that it may begin any moment once the time has come, and never shows less than nothing', () => {
    renderPage(<GenerationLife content={exampleContent({ dueAt: '2026-11-22T12:00:02Z' })} />);
    act(() => void vi.advanceTimersByTime(10_000));
    expect(screen.queryByRole('timer')).toBeNull();
    expect(screen.getByText('Writing begins any moment now')).toBeVisible();
  });

  test('counts a minute from the request where the server gave no time', () => {
    renderPage(<GenerationLife content={exampleContent({ dueAt: null, createdAt: '2026-11-22T11:59:30Z' })} />);
    expect(screen.getByRole('timer')).toHaveTextContent('0:30');
  });

  test('says which attempt follows, when, and why', () => {
    setRetryNote('content-1', { attempt: 2, maxAttempts: 3, reason: 'The text was too short', retryAt: NOON + 4_000 });
    renderPage(<GenerationLife content={exampleContent({ generationStatus: 'processing', attempt: 1 })} />);
    expect(screen.getByText('Attempt 2 of 3 begins in')).toBeVisible();
    expect(screen.getByRole('timer')).toHaveTextContent('0:04');
    expect(screen.getByText('Attempt 1 failed. Retrying.')).toBeVisible();
    expect(screen.getByText('The text was too short')).toBeVisible();
    act(() => void vi.advanceTimersByTime(4_000));
    expect(screen.getByText('Your text is being written')).toBeVisible();
    expect(screen.getByText(/^Attempt 2 of 3\./)).toBeVisible();
  });

  test('knows from the content alone that an attempt follows, as after a reload', () => {
    const content = exampleContent({ generationStatus: 'processing', attempt: 2, dueAt: '2026-11-22T12:00:03Z' });
    renderPage(<GenerationLife content={content} />);
    expect(screen.getByText('Attempt 3 of 3 begins in')).toBeVisible();
  });

  test('tells a screen reader the phase, but not every second', () => {
    renderPage(<GenerationLife content={exampleContent({ dueAt: '2026-11-22T12:01:00Z' })} />);
    const said = screen.getByRole('status').textContent;
    act(() => void vi.advanceTimersByTime(10_000));
    expect(screen.getByRole('status')).toHaveTextContent(said);
    expect(said).not.toMatch(/\d/);
  });

  test('shows why it failed and what to do about it, and offers to start again', () => {
    renderPage(<GenerationLife content={exampleContent({ generationStatus: 'failed', failureReason: 'Content blocked by safety filters' })} />);
    expect(screen.getByText('Content blocked by safety filters')).toBeVisible();
    expect(screen.getByText(/^Reword the request/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Start again from this request' })).toBeVisible();
  });

  test('does not go on about a failure once somebody has written the text by hand', () => {
    renderPage(<GenerationLife content={exampleContent({ generationStatus: 'failed', failureReason: 'Quota', generatedText: 'By hand.' })} />);
    expect(screen.queryByRole('region')).toBeNull();
    expect(screen.getByRole('status')).toHaveTextContent('The text is ready.');
  });

  test('is over when the text is there', () => {
    renderPage(<GenerationLife content={exampleContent({ generationStatus: 'completed' })} />);
    expect(screen.queryByRole('region')).toBeNull();
  });
});
