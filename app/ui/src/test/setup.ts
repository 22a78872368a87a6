import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

import { setAccessToken } from '../api/accessToken';
import { forgetGenerationEvents } from '../api/latestGenerationEvents';

// A busy machine may take its time; what never comes fails all the same.
configure({ asyncUtilTimeout: 45_000 });

// jsdom knows the element, but not how it is opened as a question.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

// jsdom draws nothing: the editor finds no place of any words.
Range.prototype.getClientRects = () => Object.assign([], { item: () => null });
Range.prototype.getBoundingClientRect = () => new DOMRect();

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  localStorage.clear();
  setAccessToken(null);
  forgetGenerationEvents();
});
