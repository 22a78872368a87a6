/** Turns a rendered text into HTML for other programs: elements and links, without the app's attributes. */

const KEPT_ATTRIBUTES = new Set(['href', 'start', 'dir']);

export function copiedHtml(root: Element): string {
  const copy = root.cloneNode(true) as Element;
  for (const element of copy.querySelectorAll('.sr-only, svg')) element.remove();
  for (const element of copy.querySelectorAll('[data-copy]')) element.replaceWith(element.getAttribute('data-copy') ?? '');
  for (const wrapper of copy.querySelectorAll('.table-scroll')) wrapper.replaceWith(...wrapper.childNodes);
  for (const element of copy.querySelectorAll('*')) {
    for (const { name } of Array.from(element.attributes)) if (!KEPT_ATTRIBUTES.has(name) || element.getAttribute(name) === 'auto') element.removeAttribute(name);
  }
  return copy.innerHTML.trim();
}
