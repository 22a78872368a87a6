export const OPEN_REWRITE = 'rewrite:open';

/** Opens the rewrite menu beside the selection, from the editor's toolbar. */
export function openRewriteMenu(): void {
  window.dispatchEvent(new Event(OPEN_REWRITE));
}
