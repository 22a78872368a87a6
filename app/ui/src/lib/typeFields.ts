/** What each type asks for besides the brief of every text. It is sent as part of that: as points, audience, tone and length. */

import type { NewTextValues } from './newText';

/** The networks of a social post, each with the length that is usual there, in words. */
export const NETWORKS = { X: '35', Instagram: '60', LinkedIn: '120', Facebook: '60' } as const;
export const EMOJI = { 'no emoji': 'None', 'a few emoji': 'A few', 'many emoji': 'Many' } as const;

export const MAX_PRICE = 60;
export const MAX_CALL_TO_ACTION = 200;

export interface TypeFields {
  /** Of a product. */
  price: string;
  /** Of a social post: one of NETWORKS, or empty. */
  network: string;
  callToAction: string;
  /** One of EMOJI, or empty: as it suits the text. */
  emoji: string;
}

export const NO_TYPE_FIELDS: TypeFields = { price: '', network: '', callToAction: '', emoji: '' };

/** What the fields of a type add to those of every brief; empty: nothing. */
interface Additions {
  audience: string;
  tone: string;
  /** `beside` says, after a number, what that many others there may be: "features beside a price". */
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

/** The form with the fields of its type in those of every brief; done again, it changes nothing. What belongs to other types does not count. */
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
