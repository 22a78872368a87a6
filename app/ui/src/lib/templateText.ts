/** Client-side rendering of templates for previews. The server's is authoritative. */

import type { TemplateFields } from '../api/templates';
import type { Brief } from '../api/types';

const VARIABLE = /\{\{\s*([\p{L}\p{M}\p{N}_]{1,40})\s*\}\}/gu;
const IN_BRIEF = ['audience', 'tone', 'keywords', 'avoid', 'points'] as const;

export interface Piece {
  text: string;
  /** The variable; undefined for literal text. */
  variable?: string;
}

/** Splits a template into literal text and variables. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(VARIABLE)) {
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) });
    pieces.push({ text: found[0], variable: found[1] });
    from = found.index + found[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** The names of the variables in title, prompt and brief, each once, in their order. */
export function variablesOf({ title, prompt, brief }: Pick<TemplateFields, 'title' | 'prompt' | 'brief'>): string[] {
  const inBrief = IN_BRIEF.flatMap((field) => brief?.[field] ?? []);
  const names = [title, prompt, ...inBrief].flatMap((text) => piecesOf(text).flatMap(({ variable }) => variable ?? []));
  return [...new Set(names)];
}

/** Returns an error for malformed braces, which would be sent literally. */
export function wrongBraces(text: string): string | null {
  const rest = text.replace(VARIABLE, '');
  if (!rest.includes('{{') && !rest.includes('}}')) return null;
  return 'A variable is {{name}}: 1 to 40 letters, digits and underscores, without spaces inside.';
}

/** Fills in the values. Variables without a value remain visible. Values are never parsed as templates. */
export function filled(text: string, values: Record<string, string>): string {
  const shown = ({ text: words, variable }: Piece) => {
    const value = valueOf(values, variable)?.trim() ?? '';
    return value === '' ? words : value;
  };
  return piecesOf(text).map(shown).join('');
}

export function filledBrief(brief: Brief | null, values: Record<string, string>): Brief {
  const filledIn = Object.entries(brief ?? {}).map(([field, value]: [string, string | number | string[]]) => {
    if (typeof value === 'number' || field === 'language') return [field, value];
    return [field, typeof value === 'string' ? filled(value, values) : value.map((each) => filled(each, values))];
  });
  return Object.fromEntries(filledIn) as Brief;
}

/** A variable's name as words: product_name becomes "Product name". */
export function labelOf(variable: string): string {
  const words = variable.replaceAll('_', ' ').trim() || variable;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const SAMPLES: Record<string, string> = {
  product_name: 'Linen apron',
  product: 'Linen apron',
  name: 'Linen apron',
  features: 'washed linen, crossed straps, two deep pockets',
  keyword: 'linen apron',
  price: '€39',
  topic: 'tomatoes on a balcony',
  audience: 'people who garden in the city',
  subject: 'What is new in November',
  news: 'two new aprons, a workshop on Saturday',
  action: 'book a place in the workshop',
  insight: 'small batches sell faster',
  picture: 'a sage green apron on a hook',
  mood: 'calm',
  offer: '10% off this week',
};

/** Returns a sample value for a preview. */
export function sampleOf(variable: string): string {
  return valueOf(SAMPLES, variable.toLowerCase()) ?? labelOf(variable).toLowerCase();
}

/** "price has no value" for each variable that has none. */
export function withoutValue(variables: readonly string[], values: Record<string, string>): string[] {
  return variables.filter((name) => !valueOf(values, name)?.trim());
}

function valueOf(values: Record<string, string>, name: string | undefined): string | undefined {
  return name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}
