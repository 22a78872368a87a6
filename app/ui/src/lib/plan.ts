/** The summary of what will be written, shown before a request is sent. */

import { timeFormat } from './age';
import { languageName } from './languages';
import { USUAL_WORDS, type NewTextValues } from './newText';
import { withTypeFields } from './typeFields';

const LONGEST_AUDIENCE = 60;
const exact = timeFormat({ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** One line with length, language, audience and start; parts may be the user's own words. */
export function planOf(form: NewTextValues): string[] {
  const values = withTypeFields(form);
  return [lengthOf(values), languageOf(values), audienceOf(values), startOf(values)];
}

function lengthOf({ contentType, words }: NewTextValues): string {
  const count = Number(words);
  return words.trim() !== '' && count > 0 ? `About ${count.toLocaleString('en')} words` : USUAL_WORDS[contentType].text;
}

function languageOf({ language }: NewTextValues): string {
  return language === '' ? 'in the language of your brief' : `in ${languageName(language)}`;
}

function audienceOf({ audience }: NewTextValues): string {
  const characters = Array.from(audience.trim());
  if (characters.length === 0) return 'for anyone';
  const isLong = characters.length > LONGEST_AUDIENCE;
  return `for ${characters.slice(0, LONGEST_AUDIENCE).join('')}${isLong ? '…' : ''}`;
}

function startOf({ start, startAt }: NewTextValues): string {
  if (start === 'later') return 'starts after the usual delay';
  const moment = Date.parse(startAt);
  return start === 'at' && !Number.isNaN(moment) ? `starts ${exact.format(moment)}` : 'starts at once';
}
