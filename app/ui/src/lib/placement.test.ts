import { expect, test } from 'vitest';

import { placeBeside, sideWithRoom } from './placement';

const view = { width: 1000, height: 800 };
const box = { width: 300, height: 200 };

test.each([
  ['below the words', { left: 100, top: 300, bottom: 320 }, { left: 100, top: 328 }],
  ['above them where there is no room below', { left: 100, top: 700, bottom: 720 }, { left: 100, top: 492 }],
  ['inside the window at its sides', { left: 990, top: 300, bottom: 320 }, { left: 688, top: 328 }],
  ['at the foot when the words fill the window', { left: -50, top: 10, bottom: 790 }, { left: 12, top: 588 }],
  ['at the foot when the words are out of sight', { left: 100, top: -900, bottom: -700 }, { left: 100, top: 588 }],
])('it stands %s', (_where, words, place) => {
  expect(placeBeside(words, box, view)).toEqual(place);
});

test.each([
  ['where it is wanted', { above: 500, below: 200 }, 'below'],
  ['above if there is too little room below', { above: 300, below: 199 }, 'above'],
  ['below if there is even less room above', { above: 150, below: 199 }, 'below'],
])('a menu opens %s', (_where, room, side) => {
  expect(sideWithRoom('below', 200, room)).toBe(side);
});
