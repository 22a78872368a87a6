/** As if this tab had been closed and another one were open: what is kept on the device belongs to a tab of the past. */
export function closeTab(): void {
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith('draft:'));
  for (const key of drafts) {
    localStorage.setItem(`${key}closed`, localStorage.getItem(key) ?? '');
    localStorage.removeItem(key);
  }
}
