/** The color scheme: system, light or dark. Also stored on this device, so that pages do not flash. */

import { APPEARANCES, type Appearance } from '../api/types';
import { rememberedAppearance, rememberAppearance } from './drafts';

const PAPER = { light: '#faf8f3', dark: '#161613' };

/** Applies and stores the color scheme. */
export function applyAppearance(appearance: Appearance): void {
  rememberAppearance(appearance === 'system' ? null : appearance);
  show(appearance);
}

/** Applies the stored color scheme. Call before the first render. */
export function applyRememberedAppearance(): void {
  show(APPEARANCES.find((each) => each === rememberedAppearance()) ?? 'system');
}

function show(appearance: Appearance): void {
  if (appearance === 'system') delete document.documentElement.dataset.appearance;
  else document.documentElement.dataset.appearance = appearance;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const ofDevice = meta.media.includes('dark') ? 'dark' : 'light';
    meta.content = PAPER[appearance === 'system' ? ofDevice : appearance];
  }
}
