import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { OfflineBanner } from './OfflineBanner';

test('is shown as soon as the network is lost, and hidden when it is back', () => {
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true);
  render(<OfflineBanner>No network</OfflineBanner>);
  expect(screen.queryByText('No network')).toBeNull();
  online.mockReturnValue(false);
  fireEvent(window, new Event('offline'));
  expect(screen.getByText('No network')).toBeVisible();
  online.mockReturnValue(true);
  fireEvent(window, new Event('online'));
  expect(screen.queryByText('No network')).toBeNull();
});
