/** Text fields are left out, because focusing one opens the keyboard of a phone. */
const CONTROLS = 'a[href], button, select, summary, input[type="checkbox"], input[type="radio"]';
const HEADINGS = 'h1, h2, h3, h4';
const ROWS = 'li, tr';

/** The removal that took the focus away: of `gone`, at the place that `record` describes. */
interface Loss {
  gone: Node;
  record: MutationRecord;
}

/**
 * When the focused element is removed (with its row, or because the button did its work), browsers drop the focus, and a screen
 * reader begins again at the top of the page. Here the focus goes to the counterpart of the element: the same control of the next
 * row, or of what replaced it. Otherwise it goes to the nearest heading, because the next Enter or typed space would press any
 * other control. Code that moves the focus itself comes first. Returns what ends it.
 */
export function keepFocus(): () => void {
  let held: Element | null = null;
  let loss: Loss | null = null;
  let given: Element | null = null;

  const note = (records: MutationRecord[]) => {
    for (const record of records)
      for (const gone of record.removedNodes) {
        if (!gone.contains(loss?.record.target ?? held)) continue;
        if (!loss) setTimeout(recover);
        loss = { gone, record };
      }
  };
  const recover = () => {
    if (held && loss && document.activeElement === document.body) {
      giveFocus(held, loss);
      given = document.activeElement;
    }
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
  // A key that is held down pressed the control that has gone, and is not meant for the one that got its focus.
  const ignoreHeldKey = (event: KeyboardEvent) => {
    if (!event.repeat) given = null;
    else if (event.target === given && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
  };
  document.addEventListener('focusin', hold);
  document.addEventListener('focusout', release);
  document.addEventListener('keydown', ignoreHeldKey, { capture: true });
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', hold);
    document.removeEventListener('focusout', release);
    document.removeEventListener('keydown', ignoreHeldKey, { capture: true });
  };
}

function giveFocus(held: Element, { gone, record }: Loss): void {
  // It was only moved, for example because a list was sorted anew.
  if (takesFocus(held)) return;
  const place = standingAt(record);
  const counterpart = place && counterpartOf(held, gone, place);
  if (counterpart && takesFocus(counterpart)) return;
  headingsAround(record.target).some(takesFocusAsPlace);
}

function takesFocus(control: Element): boolean {
  if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  return document.activeElement === control;
}

function takesFocusAsPlace(place: HTMLElement): boolean {
  if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
  return takesFocus(place);
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

/** The control of `place` that does what `held` did in `gone`: of the same name, or at the same position in a row of a list or table. */
function counterpartOf(held: Element, gone: Node, place: Element): Element | undefined {
  if (!held.matches(CONTROLS)) return undefined;
  const candidates = [place, ...place.querySelectorAll('*')].filter((each) => each.tagName === held.tagName && each.matches(CONTROLS));
  const name = nameOf(held);
  return candidates.find((each) => name !== '' && nameOf(each) === name) ?? candidates.find((each) => each === samePlaceInRow(held, gone, place));
}

function samePlaceInRow(held: Element, gone: Node, row: Element): Element | undefined {
  if (!row.matches(ROWS) || row.nodeName !== gone.nodeName) return undefined;
  return pathTo(held, gone).reduce<Element | undefined>((element, step) => element?.children[step], row);
}

function nameOf(control: Element): string {
  return (control.getAttribute('aria-label') ?? control.textContent).trim();
}

/** How to get from `gone` to `held` in it, by the indexes of children. */
function pathTo(held: Element, gone: Node): number[] {
  const { parentElement } = held;
  if (held === gone || !parentElement) return [];
  return [...pathTo(parentElement, gone), [...parentElement.children].indexOf(held)];
}

/** The headings next to `node`, from the inside to the outside, and at last the main part of the page. */
function headingsAround(node: Node): HTMLElement[] {
  const around = node.parentNode ? headingsAround(node.parentNode) : [...document.querySelectorAll('main')];
  const heading = node instanceof Element ? node.querySelector<HTMLElement>(HEADINGS) : null;
  return heading ? [heading, ...around] : around;
}
