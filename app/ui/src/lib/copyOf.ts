import type { Content, NewContent } from '../api/types';
import { MAX_TITLE } from './validation';

const ENDING = ' (copy)';

/** Creates a copy of a text, with "copy" in its title. */
export function copyOf({ title, contentType, prompt, generatedText, brief, tags }: Content): NewContent {
  return {
    title: Array.from(title).slice(0, MAX_TITLE - ENDING.length).join('') + ENDING,
    contentType,
    prompt,
    generatedText,
    ...(brief ? { brief } : {}),
    ...(tags && tags.length > 0 ? { tags } : {}),
  };
}
