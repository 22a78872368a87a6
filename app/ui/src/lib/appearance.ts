/** How the app looks: as the device says, or light or dark whatever it says. Kept on this device too, so that no page flashes. */

import { APPEARANCES, type Appearance } from '../api/types';
import { rememberedAppearance, rememberAppearance } from './drafts';

const PAPER = { light: '#faf8f3', dark: '#161613' };

/** Makes the whole page look so, now and the next time it is opened on this device. */
export function applyAppearance(appearance: Appearance): void {
  rememberAppearance(appearance === 'system' ? null : appearance);
  show(appearance);
}

/** Called before anything is drawn. */
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
