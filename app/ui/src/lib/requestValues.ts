/** A text's request as form values: lists as text, numbers as typed. */

import type { AgainRequest } from '../api/generation';
import { MAX_INSTRUCTION } from '../api/generation';
import type { Brief, Content } from '../api/types';
import type { DraftValues } from './drafts';
import { checkWords, countCharacters, isBlank, MAX_PROMPT } from './validation';

export interface RequestFormValues {
  prompt: string;
  instruction: string;
  audience: string;
  tone: string;
  language: string;
  words: string;
  keywords: string;
  avoid: string;
  points: string;
}

export type RequestField = keyof RequestFormValues;

export function requestValuesOf({ prompt, brief }: Pick<Content, 'prompt' | 'brief'>): RequestFormValues {
  return {
    prompt,
    instruction: '',
    audience: brief?.audience ?? '',
    tone: brief?.tone ?? '',
    language: brief?.language ?? '',
    words: brief?.words?.toString() ?? '',
    keywords: (brief?.keywords ?? []).join(', '),
    avoid: (brief?.avoid ?? []).join(', '),
    points: (brief?.points ?? []).join('\n'),
  };
}

/** Returns the fields of this form in a stored draft, which may be from another release. */
export function knownRequestFields(kept: DraftValues): Partial<RequestFormValues> {
  const known = requestValuesOf({ prompt: '' });
  return Object.fromEntries(Object.entries(kept).filter(([field]) => field in known));
}

export type RequestErrors = Partial<Record<RequestField, string>>;

export function checkRequest(values: RequestFormValues): RequestErrors {
  const errors: RequestErrors = {};
  if (isBlank(values.prompt)) errors.prompt = 'Describe what you want.';
  else if (countCharacters(values.prompt) > MAX_PROMPT) errors.prompt = `At most ${MAX_PROMPT.toLocaleString('en')} characters.`;
  if (countCharacters(values.instruction) > MAX_INSTRUCTION) errors.instruction = `At most ${MAX_INSTRUCTION.toLocaleString('en')} characters.`;
  const words = checkWords(values.words.trim());
  if (words !== null) errors.words = words;
  return errors;
}

export function briefOf(values: RequestFormValues): Brief {
  const given = {
    audience: values.audience.trim() || undefined,
    tone: values.tone.trim() || undefined,
    language: values.language.trim() || undefined,
    words: values.words.trim() === '' ? undefined : Number(values.words),
    keywords: listOf(values.keywords, /[,\n，、]/),
    avoid: listOf(values.avoid, /[,\n，、]/),
    points: listOf(values.points, /\n/),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Returns the request for the form's values. */
export function againRequestOf(values: RequestFormValues): AgainRequest {
  const instruction = values.instruction.trim();
  return { prompt: values.prompt.trim(), brief: briefOf(values), ...(instruction === '' ? {} : { instruction }) };
}

function listOf(text: string, separator: RegExp): string[] | undefined {
  const items = text.split(separator).map((item) => item.trim()).filter(Boolean);
  return items.length > 0 ? items : undefined;
}

/** The field that an error of the server belongs to: "brief.words", "brief.keywords.2". */
export function fieldOf(path: string): RequestField | null {
  const [first = '', second] = path.split('.');
  const name = first === 'brief' ? second : first;
  return name !== undefined && name in requestValuesOf({ prompt: '' }) ? (name as RequestField) : null;
}
