import { fireEvent } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { keepFocus } from './keptFocus';

let end: () => void;

beforeEach(() => {
  end = keepFocus();
});

afterEach(() => {
  end();
  document.body.replaceChildren();
});

const at = (selector: string) => {
  const element = document.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`nothing is ${selector}`);
  return element;
};

/** Until the page has reacted: the second timer begins after those that the changes started. */
const reaction = async () => {
  await new Promise((resolve) => setTimeout(resolve));
  await new Promise((resolve) => setTimeout(resolve));
};

const ROWS = [1, 2, 3].map((n) => `<li id="row${n}"><a href="#">Text ${n}</a><div><button id="more${n}">More</button></div></li>`).join('');
const PAGE = `<main><h1>Library</h1><section><h2>Texts</h2><form id="form"><input id="name"><button id="save">Save</button></form><div id="text" contenteditable="true" tabindex="0"></div><ul>${ROWS}</ul></section></main>`;

interface Case {
  held: string;
  change: () => void;
  goal: string;
}

const CASES: Record<string, Case> = {
  'the same control of the next row': { held: '#more2', change: () => at('#row2').remove(), goal: '#more3' },
  'the control at the same position of the next row': { held: '#row2 a', change: () => at('#row2').remove(), goal: '#row3 a' },
  'the row before after the last one': { held: '#more3', change: () => at('#row3').remove(), goal: '#more2' },
  'the control of the same name in what replaces it': {
    held: '#save',
    change: () => (at('#form').outerHTML = '<div><p>Not saved.</p><button>Discard</button><button id="again">Save</button></div>'),
    goal: '#again',
  },
  'no other control, which the next Enter would press': {
    held: '#save',
    change: () => (at('#save').outerHTML = '<button>Stop</button>'),
    goal: 'h2',
  },
  'no control if a text was typed': {
    held: '#text',
    change: () => (at('#text').outerHTML = '<button>Stop</button>'),
    goal: 'h2',
  },
  'the nearest heading if nothing can be used there': { held: '#more1', change: () => at('ul').replaceChildren(), goal: 'h2' },
  'the nearest heading if the surroundings went, too': { held: '#more2', change: () => at('section').replaceChildren(document.createElement('h2')), goal: 'h2' },
  'no text field, which would open a keyboard': {
    held: '#save',
    change: () => (at('#form').outerHTML = '<label>Name <input id="other"></label>'),
    goal: 'h2',
  },
  'the main part of a page without a heading': { held: '#save', change: () => at('main').replaceChildren(), goal: 'main' },
  'itself if it was only moved': { held: '#more1', change: () => at('ul').append(at('#row1')), goal: '#more1' },
};

test.each(Object.entries(CASES))('the focus goes to %s', async (_goal, { held, change, goal }) => {
  document.body.innerHTML = PAGE;
  at(held).focus();
  change();
  await reaction();
  expect(at(goal)).toHaveFocus();
});

test('code that moves the focus itself comes first', async () => {
  document.body.innerHTML = PAGE;
  at('#more2').focus();
  at('#row2').remove();
  at('#name').focus();
  await reaction();
  expect(at('#name')).toHaveFocus();
});

test('the focus stays nowhere for somebody who left everything', async () => {
  document.body.innerHTML = PAGE;
  at('#more2').focus();
  at('#more2').blur();
  await reaction();
  at('#row2').remove();
  await reaction();
  expect(document.body).toHaveFocus();
});

test('a key that is held down does not press what got the focus', async () => {
  document.body.innerHTML = PAGE;
  at('#more1').focus();
  at('#row1').remove();
  await reaction();
  // `fireEvent` returns whether the control may react.
  expect(fireEvent.keyDown(at('#more2'), { key: 'Enter', repeat: true })).toBe(false);
  expect(fireEvent.keyDown(at('#more2'), { key: 'Enter' })).toBe(true);
  expect(fireEvent.keyDown(at('#more2'), { key: 'Enter', repeat: true })).toBe(true);
});

test('the page does not scroll to what was only moved', async () => {
  document.body.innerHTML = PAGE;
  at('#more1').focus();
  const focus = vi.spyOn(HTMLElement.prototype, 'focus');
  at('ul').append(at('#row1'));
  await reaction();
  expect(focus.mock.calls).toEqual([[{ preventScroll: true }]]);
});
