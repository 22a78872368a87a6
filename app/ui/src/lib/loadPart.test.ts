import { expect, test, vi } from 'vitest';

import { failedAddress, loadPart } from './loadPart';

test('a part that fails at first is loaded again', async () => {
  const load = vi.fn().mockRejectedValueOnce(new TypeError('no network')).mockResolvedValue('part');
  await expect(loadPart(load, [1, 1])).resolves.toBe('part');
  expect(load).toHaveBeenCalledTimes(2);
});

test('a part that cannot be had says so in the end', async () => {
  const load = vi.fn().mockRejectedValue(new TypeError('gone'));
  await expect(loadPart(load, [1, 1])).rejects.toThrow('gone');
  expect(load.mock.calls.length).toBeGreaterThan(2);
});

test('a file of the app is requested under a URL that the browser has not cached as failed', () => {
  const error = new TypeError('Failed to fetch dynamically imported module: https://app.test/assets/Login-abc.js');
  expect(failedAddress(error, 'https://app.test')).toMatch(/^https:\/\/app\.test\/assets\/Login-abc\.js\?again=\d+$/);
  expect(failedAddress(error, 'https://other.test')).toBeNull();
  expect(failedAddress(new Error('Load failed'), 'https://app.test')).toBeNull();
});
