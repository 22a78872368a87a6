/** The form fields of each type, sent as parts of the brief: points, audience, tone and length. */

import type { NewTextValues } from './newText';

/** The networks of a social post, each with its usual length in words. */
export const NETWORKS = { X: '35', Instagram: '60', LinkedIn: '120', Facebook: '60' } as const;
export const EMOJI = { 'no emoji': 'None', 'a few emoji': 'A few', 'many emoji': 'Many' } as const;

export const MAX_PRICE = 60;
export const MAX_CALL_TO_ACTION = 200;

export interface TypeFields {
  /** For products. */
  price: string;
  /** For social posts: one of NETWORKS, or empty. */
  network: string;
  callToAction: string;
  /** One of EMOJI, or empty for the model's choice. */
  emoji: string;
}

export const NO_TYPE_FIELDS: TypeFields = { price: '', network: '', callToAction: '', emoji: '' };

/** What the fields of a type add to the common brief fields; empty for nothing. */
interface Additions {
  audience: string;
  tone: string;
  /** `beside` completes the message "At most 9 …": "features beside a price". */
  point: { text: string; beside: string } | null;
}

export function additionsOf(values: NewTextValues): Additions {
  const { contentType, price, network, callToAction, emoji } = values;
  const none = { audience: '', tone: '', point: null };
  if (contentType === 'product') return { ...none, point: pointOf('Price', price, 'features beside a price') };
  if (contentType !== 'social') return none;
  return {
    audience: network && `on ${network}`,
    tone: emoji,
    point: pointOf('Call to action', callToAction, 'points beside a call to action'),
  };
}

function pointOf(name: string, said: string, beside: string): Additions['point'] {
  return said.trim() === '' ? null : { text: `${name}: ${said.trim()}`, beside };
}

/** Merges the fields of the form's type into the common brief fields; idempotent. Fields of other types are ignored. */
export function withTypeFields(values: NewTextValues): NewTextValues {
  const { contentType, network, words } = values;
  const { audience, tone, point } = additionsOf(values);
  return {
    ...values,
    ...NO_TYPE_FIELDS,
    points: point === null ? values.points : [values.points.trim(), point.text].filter(Boolean).join('\n'),
    audience: audience === '' ? values.audience : `${values.audience.trim() || 'people'} ${audience}`,
    tone: [values.tone.trim(), tone].filter(Boolean).join(', '),
    words: contentType === 'social' && words.trim() === '' && isNetwork(network) ? NETWORKS[network] : words,
  };
}

function isNetwork(name: string): name is keyof typeof NETWORKS {
  return name in NETWORKS;
}
