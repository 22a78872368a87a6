/** The form values of a request for a new text, and the request made from them. */

import type { Resolver } from 'react-hook-form';

import { CONTENT_TYPES, type Brief, type ContentRequest, type ContentType } from '../api/types';
import type { DraftValues } from './drafts';
import { additionsOf, MAX_CALL_TO_ACTION, MAX_PRICE, NO_TYPE_FIELDS, withTypeFields, type TypeFields } from './typeFields';
import { checkType, checkWords, countCharacters, isBlank, MAX_PROMPT, MAX_TITLE, resolver, text, type Check, type RequestValues } from './validation';

export interface NewTextValues extends RequestValues, TypeFields {
  audience: string;
  tone: string;
  /** A BCP 47 tag; empty: the language of the brief. */
  language: string;
  words: string;
  /** Separated by commas, like the words to avoid. */
  keywords: string;
  avoid: string;
  /** One per line. */
  points: string;
  start: string;
  /** The chosen time as in `datetime-local`: local time, without an offset. */
  startAt: string;
}

export const STARTS = ['now', 'later', 'at'] as const;

export const EMPTY_TEXT: NewTextValues = {
  contentType: 'blog',
  title: '',
  prompt: '',
  audience: '',
  tone: '',
  language: '',
  words: '',
  keywords: '',
  avoid: '',
  points: '',
  start: 'now',
  startAt: '',
  ...NO_TYPE_FIELDS,
};

export const NEW_TEXT_FIELDS = Object.keys(EMPTY_TEXT) as (keyof NewTextValues)[];

/** The fields with typed text. The others are choices or defaults, which are not worth keeping alone. */
export const TYPED_FIELDS = ['title', 'prompt', 'points', 'price', 'callToAction', 'audience', 'keywords', 'avoid'] as const;

/** Whether a form or its stored draft contains typed text. */
export function hasWords(values: Partial<NewTextValues> | DraftValues): boolean {
  return TYPED_FIELDS.some((field) => !isBlank(values[field] ?? ''));
}

/** Whether two forms have the same typed text, regardless of their choices. */
export function hasSameWords(one: Partial<NewTextValues> | DraftValues, other: Partial<NewTextValues> | DraftValues): boolean {
  return TYPED_FIELDS.every((field) => (one[field] ?? '') === (other[field] ?? ''));
}

/** Whether a form equals another form or a stored draft. */
export function saysTheSame(one: NewTextValues, other: Partial<NewTextValues> | DraftValues): boolean {
  return NEW_TEXT_FIELDS.every((field) => one[field] === (other[field] ?? ''));
}

/** Returns a complete form from a stored draft, which may be from an earlier release. */
export function newTextOf(kept: DraftValues): NewTextValues {
  const known = Object.fromEntries(NEW_TEXT_FIELDS.flatMap((field) => (kept[field] === undefined ? [] : [[field, kept[field]]])));
  const contentType = CONTENT_TYPES.find((type) => type === kept.contentType) ?? EMPTY_TEXT.contentType;
  return { ...EMPTY_TEXT, ...known, contentType };
}

const MAX_AUDIENCE = 200;
const MAX_TONE = 60;
const MAX_TERM = 60;
const MAX_POINT = 300;
const MAX_POINTS = 10;
const MAX_DAYS_AHEAD = 30;
const DAY_MS = 86_400_000;
const PROVISIONAL_TITLE = 60;

/** The room left in a field that is sent with an addition, such as ", no emoji". */
function atMost(maximum: number, addition = '', separator = ''): Check {
  const room = addition === '' ? maximum : maximum - countCharacters(separator + addition);
  const reason = addition === '' ? '' : ` beside “${addition}”`;
  return (value) => (countCharacters(value) > room ? `At most ${room.toLocaleString('en')} characters${reason}.` : null);
}

function listOf(most: number, longest: number, split: (value: string) => string[], reason = ''): Check {
  return (value) => {
    const items = split(value);
    if (items.length > most) return `At most ${most}${reason}.`;
    return items.some((item) => countCharacters(item) > longest) ? `Each at most ${longest} characters.` : null;
  };
}

const checkStartAt: Check = (value) => {
  if (value === '') return null;
  const ahead = Date.parse(value) - Date.now();
  if (Number.isNaN(ahead)) return 'Choose a date and a time.';
  if (ahead < 0) return 'Choose a time that is still to come.';
  return ahead > MAX_DAYS_AHEAD * DAY_MS ? `Choose a time within the next ${MAX_DAYS_AHEAD} days.` : null;
};

const anything: Check = () => null;

/**
 * Validates what would be sent, and returns the form as typed, so that it can be stored and shown again. Each field
 * is checked separately, minus the room for what the type adds to it. A time is only used with "at a time"; otherwise one
 * chosen earlier is neither checked nor sent.
 */
export const newTextResolver: Resolver<NewTextValues> = async (values, context, options) => {
  const startAt = values.start === 'at' ? values.startAt || 'none' : '';
  const { errors } = await resolver<NewTextValues>(checksOf(values))({ ...values, startAt }, context, options);
  return Object.keys(errors).length > 0 ? { values: {}, errors } : { values, errors: {} };
};

function checksOf(values: NewTextValues): Record<keyof NewTextValues, Check> {
  const { audience, tone, point } = additionsOf(values);
  return {
    contentType: checkType,
    title: (value) => (value === '' || !isBlank(value) ? atMost(MAX_TITLE)(value) : null),
    prompt: text(MAX_PROMPT, 'Describe what you want.'),
    audience: atMost(MAX_AUDIENCE, audience, ' '),
    tone: atMost(MAX_TONE, tone, ', '),
    language: anything,
    words: checkWords,
    keywords: listOf(10, MAX_TERM, termsIn),
    avoid: listOf(20, MAX_TERM, termsIn),
    points: point === null ? listOf(MAX_POINTS, MAX_POINT, linesIn) : listOf(MAX_POINTS - 1, MAX_POINT, linesIn, ` ${point.beside}`),
    start: anything,
    startAt: checkStartAt,
    price: values.contentType === 'product' ? atMost(MAX_PRICE) : anything,
    network: anything,
    callToAction: values.contentType === 'social' ? atMost(MAX_CALL_TO_ACTION) : anything,
    emoji: anything,
  };
}

/** Parses a list separated by commas (of any script) or line breaks. */
export function termsIn(value: string): string[] {
  return itemsOf(value, /[,;\n،、，；]/);
}

export function linesIn(value: string): string[] {
  return itemsOf(value, /\n/);
}

function itemsOf(value: string, separator: RegExp): string[] {
  return value
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => !isBlank(item));
}

/** Returns the request for a form. Without a title, the brief's first words are used until the text has one. */
export function requestOf(values: NewTextValues): ContentRequest {
  const { contentType, prompt } = values;
  const brief = briefOf(withTypeFields(values));
  const runAt = runAtOf(values);
  return {
    contentType,
    ...(isBlank(values.title) ? { title: provisionalTitle(prompt), autoTitle: true } : { title: values.title.trim() }),
    prompt: prompt.trim(),
    ...(Object.keys(brief).length > 0 ? { brief } : {}),
    ...(runAt === null ? {} : { runAt }),
  };
}

export function briefOf(values: NewTextValues): Brief {
  const brief: Brief = {};
  if (!isBlank(values.audience)) brief.audience = values.audience.trim();
  if (!isBlank(values.tone)) brief.tone = values.tone.trim();
  if (values.language !== '') brief.language = values.language;
  if (values.words.trim() !== '') brief.words = Number(values.words);
  const [keywords, avoid, points] = [termsIn(values.keywords), termsIn(values.avoid), linesIn(values.points)];
  if (keywords.length > 0) brief.keywords = keywords;
  if (avoid.length > 0) brief.avoid = avoid;
  if (points.length > 0) brief.points = points;
  return brief;
}

/** The `runAt` of the request; null means the default delay. A time that has passed becomes "now". */
function runAtOf({ start, startAt }: NewTextValues): string | null {
  if (start === 'later') return null;
  const moment = start === 'at' ? Date.parse(startAt) : Number.NaN;
  return Number.isNaN(moment) || moment <= Date.now() ? 'now' : new Date(moment).toISOString();
}

/** The first words of a brief, on one line. */
export function provisionalTitle(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim();
  const characters = Array.from(line);
  if (characters.length <= PROVISIONAL_TITLE) return line;
  const cut = characters.slice(0, PROVISIONAL_TITLE).join('');
  const atWord = cut.replace(/\s\S*$/, '');
  return `${atWord}…`;
}

/** The usual length of each type, unless the brief asks for another. */
export const USUAL_WORDS: Record<ContentType, { text: string; short: string; medium: string; long: string }> = {
  blog: { text: '500 to 1,000 words', short: '400', medium: '800', long: '1500' },
  product: { text: '80 to 250 words', short: '80', medium: '150', long: '300' },
  social: { text: '20 to 80 words', short: '25', medium: '60', long: '150' },
};
