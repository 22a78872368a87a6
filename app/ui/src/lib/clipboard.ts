/** Copies a text as HTML and as plain text. Throws if the browser does not allow it. */
export async function copyFormatted(html: string, plain: string): Promise<void> {
  if (!('ClipboardItem' in window) || !window.isSecureContext) return copyText(plain);
  const typed = (type: string, text: string) => [type, new Blob([text], { type })] as const;
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries([typed('text/html', html), typed('text/plain', plain)]))]);
}

/** Copies a text. Throws if the browser does not allow it. */
export async function copyText(text: string): Promise<void> {
  // The clipboard API requires a secure context, which a server in a local network may not have.
  if ('clipboard' in navigator && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without the clipboard interface
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('the browser refused to copy');
}
