import { expect, test } from 'vitest';

import { beginsWithTitle } from './titles';

test.each([
  ['# Balcony tomatoes\n\nWords.', 'Balcony tomatoes', true],
  ['## **Balcony Tomatoes!**\r\nWords.', 'balcony tomatoes', true],
  ['# Balkon\n\n# Balcony tomatoes', 'Balcony tomatoes', false],
  ['Balcony tomatoes\n\nWords.', 'Balcony tomatoes', false],
  ['#Balcony tomatoes', 'Balcony tomatoes', false],
  ['# ', '', false],
  ['', '', false],
])('whether %j begins with the title %j: %s', (text, title, does) => {
  expect(beginsWithTitle(text, title)).toBe(does);
});
