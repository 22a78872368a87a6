/** Text fields are left out, because focusing one opens the keyboard of a phone. */
const CONTROLS = 'a[href], button, select, summary, input[type="checkbox"], input[type="radio"]';
const HEADINGS = 'h1, h2, h3, h4';

/** The removal that took the focus away: of `gone`, at the place that `record` describes. */
interface Loss {
  gone: Node;
  record: MutationRecord;
}

/**
 * When the focused element is removed (with its row, or because the button did its work), browsers drop the focus, and a screen
 * reader begins again at the top of the page. Here the focus goes to what took the element's place: the same control of the next
 * row, the first control there, or else the nearest heading. Code that moves the focus itself comes first. Returns what ends it.
 */
export function keepFocus(): () => void {
  let held: Element | null = null;
  let loss: Loss | null = null;

  const note = (records: MutationRecord[]) => {
    for (const record of records)
      for (const gone of record.removedNodes) {
        if (!gone.contains(loss?.record.target ?? held)) continue;
        if (!loss) setTimeout(recover);
        loss = { gone, record };
      }
  };
  const recover = () => {
    if (held && loss && document.activeElement === document.body) giveFocus(held, loss);
    loss = null;
  };
  const observer = new MutationObserver(note);
  observer.observe(document.body, { childList: true, subtree: true });

  const hold = ({ target }: FocusEvent) => {
    held = target instanceof Element ? target : null;
  };
  // Chromium also fires this for a removed element. Only a person who left it for nothing wants the focus nowhere.
  const release = () =>
    queueMicrotask(() => {
      note(observer.takeRecords());
      if (!loss && document.activeElement === document.body) held = null;
    });
  document.addEventListener('focusin', hold);
  document.addEventListener('focusout', release);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', hold);
    document.removeEventListener('focusout', release);
  };
}

function giveFocus(held: Element, { gone, record }: Loss): void {
  // It was only moved, for example because a list was sorted anew.
  if (takesFocus(held)) return;
  const place = standingAt(record);
  if (place && [...controlsLike(held, gone, place)].some(takesFocus)) return;
  headingsAround(record.target).some(takesFocusAsPlace);
}

function takesFocus(control: Element): boolean {
  if (control instanceof HTMLElement) control.focus();
  return document.activeElement === control;
}

function takesFocusAsPlace(place: HTMLElement): boolean {
  if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
  place.focus({ preventScroll: true });
  return document.activeElement === place;
}

/** What now stands where something was removed: its replacement, or else a neighbour. Null if both neighbours have gone, too. */
function standingAt({ target, previousSibling, nextSibling }: MutationRecord): Element | null {
  const isThere = (node: Node | null) => node?.parentNode === target;
  const wasAlone = previousSibling === null && nextSibling === null;
  if (!(target instanceof Element) || !(wasAlone || isThere(previousSibling) || isThere(nextSibling))) return null;
  const children = [...target.children];
  if (previousSibling === null) return children[0] ?? null;
  if (!isThere(previousSibling)) return children.find((child) => child === nextSibling) ?? null;
  return children.find((child) => isAfter(child, previousSibling)) ?? children.at(-1) ?? null;
}

function isAfter(node: Node, other: Node): boolean {
  return (other.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** The controls of `place`, beginning at the one that corresponds to `held` in `gone` as far as the two are alike. */
function* controlsLike(held: Element, gone: Node, place: Element): Generator<Element> {
  const alike = [place];
  for (const step of pathTo(held, gone)) {
    const next: Element | undefined = alike[0]?.children[step.index];
    if (next?.tagName !== step.tagName) break;
    alike.unshift(next);
  }
  for (const each of alike) {
    if (each.matches(CONTROLS)) yield each;
    yield* each.querySelectorAll(CONTROLS);
  }
}

/** How to get from `gone` to `held` in it. */
function pathTo(held: Element, gone: Node): { index: number; tagName: string }[] {
  const { parentElement, tagName } = held;
  if (held === gone || !parentElement) return [];
  return [...pathTo(parentElement, gone), { index: [...parentElement.children].indexOf(held), tagName }];
}

/** The headings next to `node`, from the inside to the outside, and at last the main part of the page. */
function headingsAround(node: Node): HTMLElement[] {
  const around = node.parentNode ? headingsAround(node.parentNode) : [...document.querySelectorAll('main')];
  const heading = node instanceof Element ? node.querySelector<HTMLElement>(HEADINGS) : null;
  return heading ? [heading, ...around] : around;
}
