import { useRef } from 'react';

import type { Finding } from '../api/types';
import type { EditorHandle } from '../components/editor/handle';
import { nameOfCheck } from '../lib/checkNames';
import { codePointsOf } from '../lib/codePoints';
import { moved } from '../lib/passages';

/** Marks the places of a finding in the editor; each call goes to the next one. The marks move with edits. */
export function useShownPlaces(editor: EditorHandle | null): (finding: Finding, text: string) => void {
  const shown = useRef<{ finding: Finding; at: number } | null>(null);
  return (finding, text) => {
    if (!editor) return;
    const kind = `check-${finding.check}`;
    if (shown.current?.finding !== finding) {
      const others = editor.marks().filter((mark) => !mark.kind.startsWith('check-'));
      editor.setMarks([...others, ...placesOf(finding, text, editor.text()).map((place) => ({ ...place, kind, label: `${nameOfCheck(finding.check)}: ${finding.message}` }))]);
      shown.current = { finding, at: -1 };
    }
    const places = editor.marks().filter((mark) => mark.kind === kind);
    const at = (shown.current.at + 1) % Math.max(1, places.length);
    shown.current.at = at;
    const place = places[at];
    if (place) editor.select(place.from, place.to);
  };
}

/** The places in the editor's text, which may be newer than the text that was checked. */
function placesOf({ spans }: Finding, checked: string, typed: string) {
  const { toUnits } = codePointsOf(checked);
  return spans.flatMap(({ start, end }) => moved({ from: toUnits(start), to: toUnits(end) }, checked, typed) ?? []);
}
