import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

import { setAccessToken } from '../api/accessToken';

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  setAccessToken(null);
});
