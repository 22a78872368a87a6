import { EditorSelection, EditorState } from '@codemirror/state';
import { expect, test } from 'vitest';

import { formatted } from './formatting';
import type { Format } from './handle';

/** Formats the selection between ⟦ and ⟧, and marks the resulting selection in the same way. */
function format(marked: string, name: Format): string {
  const from = marked.indexOf('⟦');
  const text = marked.replace('⟦', '');
  const to = text.indexOf('⟧');
  const state = EditorState.create({ doc: text.replace('⟧', ''), selection: EditorSelection.range(from, to) });
  const after = state.update(formatted(state, name)).state;
  const { main } = after.selection;
  const words = after.sliceDoc();
  return `${words.slice(0, main.from)}⟦${words.slice(main.from, main.to)}⟧${words.slice(main.to)}`;
}

test.each<[string, Format, string, string]>([
  ['words', 'bold', 'a ⟦few words⟧ here', 'a **⟦few words⟧** here'],
  ['words that are bold', 'bold', 'a **⟦few⟧** here', 'a ⟦few⟧ here'],
  ['words with their marks', 'bold', 'a ⟦**few**⟧ here', 'a ⟦few⟧ here'],
  ['spaces around words', 'bold', 'a⟦ few ⟧here', 'a⟦ **few** ⟧here'],
  ['the word at the caret', 'italic', 'a fe⟦⟧w here', 'a *fe⟦⟧w* here'],
  ['the word before the caret', 'italic', 'a few⟦⟧ here', 'a *few⟦⟧* here'],
  ['a marked word at the caret', 'bold', 'a **fe⟦⟧w** here', 'a fe⟦⟧w here'],
  ['nothing', 'bold', 'a ⟦⟧', 'a **⟦⟧**'],
  ['bold words', 'italic', '**⟦few⟧**', '***⟦few⟧***'],
  ['bold and slanted words', 'italic', '***⟦few⟧***', '**⟦few⟧**'],
  ['bold and slanted words', 'bold', '***⟦few⟧***', '*⟦few⟧*'],
  ['items of a list', 'bold', '⟦- one\n- two⟧', '⟦- **one**\n- **two⟧**'],
  ['a line', 'heading2', 'Wat⟦⟧er', '## Wat⟦⟧er'],
  ['a heading of another level', 'heading3', '# Wat⟦⟧er', '### Wat⟦⟧er'],
  ['a heading of that level', 'heading2', '## Wat⟦⟧er', 'Wat⟦⟧er'],
  ['lines with a blank one', 'list', '⟦one\n\ntwo⟧', '- ⟦one\n\n- two⟧'],
  ['a list', 'list', '⟦- one\n* two⟧', '⟦one\ntwo⟧'],
  ['an empty line', 'list', '⟦⟧', '- ⟦⟧'],
  ['a line', 'quote', '⟦one⟧', '> ⟦one⟧'],
  ['a quote', 'quote', '> ⟦one⟧', '⟦one⟧'],
  ['words', 'link', 'see ⟦here⟧', 'see [here](⟦https://⟧)'],
  ['an address', 'link', '⟦https://example.org/⟧', '[⟦⟧](https://example.org/)'],
])('%s: %s', (_, name, before, after) => {
  expect(format(before, name)).toBe(after);
});
