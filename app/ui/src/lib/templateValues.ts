/** The form values of a template, and the stored template made from them. */

import type { Template, TemplateFields } from '../api/templates';
import { CONTENT_TYPES, type Content, type ContentType } from '../api/types';
import type { DraftValues } from './drafts';
import { briefOf, checkRequest, requestValuesOf, type RequestFormValues } from './requestValues';
import { wrongBraces } from './templateText';
import { countCharacters, isBlank, MAX_TITLE } from './validation';

export interface TemplateValues extends Omit<RequestFormValues, 'instruction'> {
  name: string;
  contentType: ContentType;
  title: string;
}

export type TemplateErrors = Partial<Record<keyof TemplateValues, string>>;

const LONGEST_NAME = 80;
const MAY_HAVE_VARIABLES = ['title', 'prompt', 'audience', 'tone', 'keywords', 'avoid', 'points'] as const;

export const EMPTY_TEMPLATE: TemplateValues = templateValuesOf({ name: '', contentType: 'product', title: '', prompt: '', brief: null });

export function templateValuesOf({ name, contentType, title, prompt, brief }: TemplateFields): TemplateValues {
  const { audience, tone, language, words, keywords, avoid, points } = requestValuesOf({ prompt, brief });
  return { name, contentType, title, prompt, audience, tone, language, words, keywords, avoid, points };
}

/** Returns a template with the request of a text. */
export function templateOfText({ title, contentType, prompt, brief }: Content): TemplateValues {
  const name = Array.from(title).slice(0, LONGEST_NAME).join('');
  return templateValuesOf({ name, contentType, title, prompt, brief: brief ?? null });
}

/** Returns the fields of this form in a stored draft, which may be from another release. */
export function knownTemplateFields({ contentType, ...kept }: DraftValues): Partial<TemplateValues> {
  const type = CONTENT_TYPES.find((each) => each === contentType);
  return { ...Object.fromEntries(Object.entries(kept).filter(([field]) => field in EMPTY_TEMPLATE)), ...(type ? { contentType: type } : {}) };
}

export function templateFieldsOf(values: TemplateValues): TemplateFields {
  const brief = briefOf({ ...values, instruction: '' });
  const { name, contentType, title, prompt } = values;
  return { name: name.trim(), contentType, title: title.trim(), prompt: prompt.trim(), brief: Object.keys(brief).length > 0 ? brief : null };
}

export function checkTemplate(values: TemplateValues): TemplateErrors {
  const errors: TemplateErrors = checkRequest({ ...values, instruction: '' });
  if (isBlank(values.name)) errors.name = 'Give it a name.';
  else if (countCharacters(values.name) > LONGEST_NAME) errors.name = `At most ${LONGEST_NAME} characters.`;
  if (isBlank(values.title)) errors.title = 'Say what the titles of its texts are, for example {{product_name}}.';
  else if (countCharacters(values.title) > MAX_TITLE) errors.title = `At most ${MAX_TITLE} characters.`;
  for (const field of MAY_HAVE_VARIABLES) {
    const wrong = wrongBraces(values[field]);
    if (wrong !== null) errors[field] ??= wrong;
  }
  return errors;
}

/** Returns the template that the form would save, for the preview. */
export function previewOf(values: TemplateValues): Pick<Template, 'title' | 'prompt' | 'brief'> {
  return templateFieldsOf(values);
}

/** The field that an error of the server belongs to: "brief.words", "title". */
export function templateFieldOf(path: string): keyof TemplateValues | null {
  const [first = '', second] = path.split('.');
  const name = first === 'brief' ? second : first;
  return name !== undefined && name in EMPTY_TEMPLATE ? (name as keyof TemplateValues) : null;
}
