export const OPEN_REWRITE = 'rewrite:open';

/** What the button in the editor's toolbar does: the menu stands beside the selected words. */
export function openRewriteMenu(): void {
  window.dispatchEvent(new Event(OPEN_REWRITE));
}
