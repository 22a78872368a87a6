import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

import { setAccessToken } from '../api/accessToken';

// A busy machine may take its time; what never comes fails all the same.
configure({ asyncUtilTimeout: 45_000 });

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  setAccessToken(null);
});
