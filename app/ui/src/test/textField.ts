import { EditorView } from '@codemirror/view';
import { screen } from '@testing-library/react';

/** The editor of the page; jsdom has no layout, so that it is written in through the editor itself. */
export async function textField(): Promise<EditorView> {
  const field = await screen.findByRole('textbox', { name: 'Text' });
  const view = EditorView.findFromDOM(field);
  if (!view) throw new Error('this field is no editor');
  return view;
}

/** Writes this text instead of what is there. */
export async function write(text: string): Promise<void> {
  const view = await textField();
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: 'input.type' });
}

export async function writtenText(): Promise<string> {
  return (await textField()).state.sliceDoc();
}
