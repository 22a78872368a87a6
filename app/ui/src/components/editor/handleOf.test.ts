import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';

import { openEditor } from './handleOf';

let close = (): void => undefined;
afterEach(() => close());

function open(text: string) {
  close();
  const parent = document.body.appendChild(document.createElement('div'));
  const { handle, destroy } = openEditor(parent, text, 'Text');
  close = () => {
    destroy();
    parent.remove();
    close = () => undefined;
  };
  return { handle, field: parent.querySelector<HTMLElement>('[role="textbox"]') };
}

test('the field has a name, is spell-checked and runs in the direction of each line', () => {
  const { field } = open('one\nשלום');
  expect(field).toHaveAccessibleName('Text');
  expect(field).toHaveAttribute('spellcheck', 'true');
  expect(field).toHaveAttribute('translate', 'no');
  expect(Array.from(field?.querySelectorAll('.cm-line') ?? [], (line) => line.getAttribute('dir'))).toEqual(['auto', 'auto']);
});

const piece = fc.constantFrom('a', 'é', '🍅', ' ', '\n', '\r\n', '\r', '# ', '- ', '**', '\t', '\u2028', '\u0000', '\ufeff');

test('any text comes out to the byte, and a passage is replaced in it and nothing else', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')), fc.nat(), fc.nat(), (text, one, other) => {
      const { handle } = open(text);
      expect(handle.text()).toBe(text);
      const [from = 0, to = 0] = [one % (text.length + 1), other % (text.length + 1)].sort((a, b) => a - b);
      // Nothing is asked of the middle of a CR LF.
      if ([from, to].some((at) => text.slice(at - 1, at + 1) === '\r\n')) return;
      handle.replace(from, to, 'X');
      expect(handle.text()).toBe(`${text.slice(0, from)}X${text.slice(to)}`);
      handle.undo();
      expect(handle.text()).toBe(text);
    }),
    { numRuns: 60 },
  );
});

test('places are those of the text, also where lines end in CR LF', () => {
  const { handle } = open('one\r\ntwo\r\nthree');
  handle.select(5, 8);
  expect(handle.selection()).toEqual({ from: 5, to: 8 });
  handle.replace(5, 8, '2\n2');
  expect(handle.text()).toBe('one\r\n2\r\n2\r\nthree');
});

test('marks move with the text before them and go with their own', () => {
  const { handle, field } = open('a worn phrase');
  handle.setMarks([
    { from: 2, to: 6, kind: 'cliches', label: 'Worn phrase' },
    { from: 7, to: 7, kind: 'empty', label: 'Nothing' },
    { from: 90, to: 99, kind: 'beyond', label: 'Nowhere' },
  ]);
  expect(field?.querySelector('.text-mark-cliches')).toHaveTextContent('worn');
  handle.replace(0, 1, 'one more');
  expect(handle.marks()).toEqual([{ from: 9, to: 13, kind: 'cliches', label: 'Worn phrase' }]);
  handle.replace(9, 13, '');
  expect(handle.marks()).toEqual([]);
});

test('another text changes only what differs, keeps the selection, and is not undone', () => {
  const { handle } = open('First words about water.');
  handle.select(6, 11);
  handle.setText('First words about wind and water.');
  expect(handle.selection()).toEqual({ from: 6, to: 11 });
  handle.undo();
  expect(handle.text()).toBe('First words about wind and water.');
  handle.setText('With\r\nother line ends.');
  expect(handle.text()).toBe('With\r\nother line ends.');
});

test('changes are told to those who listen', () => {
  const { handle } = open('words');
  const [ofText, ofSelection] = [vi.fn(), vi.fn()];
  const stop = handle.onDocChange(ofText);
  handle.onSelectionChange(ofSelection);
  handle.select(0, 5);
  expect([ofText.mock.calls.length, ofSelection.mock.calls.length]).toEqual([0, 1]);
  handle.format('bold');
  expect(handle.text()).toBe('**words**');
  expect(ofText).toHaveBeenCalledOnce();
  stop();
  handle.undo();
  expect([handle.text(), ofText.mock.calls.length]).toEqual(['words', 1]);
  expect(handle.history()).toEqual({ undo: 0, redo: 1 });
});

test.each([
  ['5,000 nested quotes', '>'.repeat(5_000) + ' deep'],
  ['5,000 brackets', '['.repeat(5_000) + 'deep' + ']'.repeat(5_000)],
  ['200,000 characters', 'Words about water and wind. \n'.repeat(7_000)],
])('%s can be edited', (_, text) => {
  const { handle } = open(text);
  handle.replace(0, 0, 'More. ');
  expect(handle.text()).toBe(`More. ${text}`);
});

test('Enter goes on with a list, and a second one ends it; Tab is left to the browser', () => {
  const { handle, field } = open('- one');
  handle.select(5, 5);
  const press = (key: string) => field?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  press('Enter');
  expect(handle.text()).toBe('- one\n- ');
  press('Enter');
  expect(handle.text()).toBe('- one\n');
  expect(press('Tab')).toBe(true);
});
