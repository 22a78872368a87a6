/** Highlighting of Markdown source: the marks stay visible and the text is formatted. The classes are in editor.css. */

import { HighlightStyle, Language, languageDataProp, syntaxHighlighting } from '@codemirror/language';
import { commonmarkLanguage } from '@codemirror/lang-markdown';
import { tags } from '@lezer/highlight';
import { GFM, parser } from '@lezer/markdown';
import { RangeSetBuilder, type Extension } from '@codemirror/state';
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from '@codemirror/view';

/** CommonMark with GitHub's tables, tasks and strikethrough, as in the preview. HTML is shown as source, so it is not parsed. */
const asMarkdown = { props: [languageDataProp.add({ Document: commonmarkLanguage.data })] };
const markdown = new Language(commonmarkLanguage.data, parser.configure([GFM, asMarkdown]), [], 'markdown');

const classes = HighlightStyle.define([
  { tag: tags.heading1, class: 'md-heading md-heading1' },
  { tag: tags.heading2, class: 'md-heading md-heading2' },
  { tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], class: 'md-heading' },
  { tag: tags.strong, class: 'md-strong' },
  { tag: tags.emphasis, class: 'md-emphasis' },
  { tag: tags.strikethrough, class: 'md-struck' },
  { tag: [tags.link, tags.url], class: 'md-link' },
  { tag: tags.monospace, class: 'md-code' },
  { tag: tags.quote, class: 'md-quote' },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName, tags.meta], class: 'md-mark' },
]);

export const markdownAppearance: Extension = [markdown, syntaxHighlighting(classes)];

const ownDirection = Decoration.line({ attributes: { dir: 'auto' } });

/** Each line has the direction of its own text. */
export const lineDirections = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = directionsIn(view);
    }

    update({ view, docChanged, viewportChanged }: ViewUpdate): void {
      if (docChanged || viewportChanged) this.decorations = directionsIn(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function directionsIn(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      builder.add(line.from, line.from, ownDirection);
      at = line.to + 1;
    }
  }
  return builder.finish();
}
