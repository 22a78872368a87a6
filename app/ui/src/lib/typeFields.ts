/** What each type asks for besides the brief of every text. It is sent as part of that: as points, audience, tone and length. */

import type { NewTextValues } from './newText';

/** The networks of a social post, each with the length that is usual there, in words. */
export const NETWORKS = { X: '35', Instagram: '60', LinkedIn: '120', Facebook: '60' } as const;
export const EMOJI = { 'no emoji': 'None', 'a few emoji': 'A few', 'many emoji': 'Many' } as const;

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

/** The form with the fields of its type in those of every brief; done again, it changes nothing. What belongs to other types does not count. */
export function withTypeFields(values: NewTextValues): NewTextValues {
  const merged = { ...values, ...NO_TYPE_FIELDS };
  if (values.contentType === 'product') return { ...merged, points: withPoint(values.points, 'Price', values.price) };
  if (values.contentType !== 'social') return merged;
  const { network, audience, tone, emoji, words } = values;
  return {
    ...merged,
    points: withPoint(values.points, 'Call to action', values.callToAction),
    audience: network === '' ? audience : `${audience.trim() || 'people'} on ${network}`,
    tone: [tone.trim(), emoji].filter(Boolean).join(', '),
    words: words.trim() === '' && isNetwork(network) ? NETWORKS[network] : words,
  };
}

function isNetwork(name: string): name is keyof typeof NETWORKS {
  return name in NETWORKS;
}

function withPoint(points: string, name: string, said: string): string {
  if (said.trim() === '') return points;
  return [points.trim(), `${name}: ${said.trim()}`].filter(Boolean).join('\n');
}
