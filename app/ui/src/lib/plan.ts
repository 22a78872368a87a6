/** What will be written, as it can be said before anything is sent. */

import { CONTENT_TYPE_TEXT } from './contentTypes';
import { linesIn, termsIn, USUAL_WORDS, type NewTextValues } from './newText';

export interface PlanItem {
  label: string;
  /** In the writer's own words where they gave any. */
  text: string;
}

const exact = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export function planOf(values: NewTextValues): PlanItem[] {
  const items: (PlanItem | null)[] = [
    { label: 'Type', text: CONTENT_TYPE_TEXT[values.contentType].label },
    { label: 'Length', text: lengthOf(values) },
    { label: 'Language', text: values.language === '' ? 'The language of your brief' : languageName(values.language) },
    { label: 'For', text: values.audience.trim() || 'Anybody, unless your brief says for whom' },
    given('Tone', values.tone.trim()),
    given('Keywords', termsIn(values.keywords).join(', ')),
    given('Without', termsIn(values.avoid).join(', ')),
    given('Must say', counted(linesIn(values.points).length)),
    { label: 'Starts', text: startOf(values) },
  ];
  return items.filter((item) => item !== null);
}

/** A language under its own name. */
function languageName(tag: string): string {
  return new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
}

function given(label: string, text: string): PlanItem | null {
  return text === '' ? null : { label, text };
}

function counted(points: number): string {
  if (points === 0) return '';
  return points === 1 ? '1 point' : `${points} points`;
}

function lengthOf({ contentType, words }: NewTextValues): string {
  const count = Number(words);
  if (words.trim() !== '' && count > 0) return `About ${count.toLocaleString('en')} words`;
  return `${USUAL_WORDS[contentType].text}, unless your brief says otherwise`;
}

export function startOf({ start, startAt }: NewTextValues): string {
  if (start === 'later') return 'After the usual delay';
  const moment = Date.parse(startAt);
  return start === 'at' && !Number.isNaN(moment) ? exact.format(moment) : 'At once';
}

/** The same in one line, for beside the button. */
export function planLine(values: NewTextValues): string {
  const count = Number(values.words);
  const length = values.words.trim() !== '' && count > 0 ? `About ${count.toLocaleString('en')} words` : USUAL_WORDS[values.contentType].text;
  const language = values.language === '' ? 'language of your brief' : languageName(values.language);
  const begins = startOf(values);
  return [length, language, `starts ${begins.charAt(0).toLowerCase()}${begins.slice(1)}`].join(' · ');
}
