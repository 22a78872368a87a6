/** Fixes for findings of checks: which passages to rewrite, and with which request. */

import type { RewriteWish } from '../api/rewrites';
import type { Brief, Finding } from '../api/types';
import type { Block } from './blocks';
import { codePointsOf } from './codePoints';
import type { Passage } from './passages';
import { sentenceAround } from './sentences';

/** A passage and the rewrite to request for it. */
export interface Mend {
  passage: Passage;
  wish: RewriteWish;
}

const MOST_AT_ONCE = 20;
const FEWEST_WORDS = 6;
/** How far one rewrite can change a passage's length: to half of it, or a good three times. */
const MOST_SHORTENED = 0.5;
const MOST_EXPANDED = 2.2;
const MOST_WORDS_OF_PARAGRAPH = 200;

const custom = (instruction: string): RewriteWish => ({ action: 'custom', instruction });

const OF_SENTENCES: Record<string, ((finding: Finding) => RewriteWish) | undefined> = {
  avoid: ({ target }) => custom(`Say the same without “${String(target)}” in any form. Change nothing else.`),
  cliches: () => custom('Say the same in plain words, without worn phrases. Change as little as possible.'),
  repetition: () => custom('The same words stand elsewhere in the text. Say it in other words, without repeating it.'),
  placeholders: () => custom('Word it so that it needs no blank to be filled in. Make up no names, numbers or facts.'),
};

/** Returns the rewrites that fix a failed check; empty if it needs manual work. `all` are the blocks of the text. */
export function mendsOf(finding: Finding, text: string, all: Block[], brief: Brief | null | undefined): Mend[] {
  if (finding.passed !== false) return [];
  const blocks = all.filter(({ kind, words }) => kind !== 'other' && words > 0);
  const ofSentences = OF_SENTENCES[finding.check];
  if (ofSentences) return inSentences(finding, text, all, ofSentences(finding));
  switch (finding.check) {
    case 'length':
      return toLength(finding, blocks);
    case 'keyword':
      return withKeyword(String(finding.target), blocks);
    case 'language':
      return translated(brief?.language ?? null, blocks);
    case 'readability':
      return simplified(blocks);
    case 'structure':
      return parted(finding, text, blocks);
    default:
      return [];
  }
}

/** Returns the sentences that contain the places, each once. */
function inSentences({ spans }: Finding, text: string, blocks: Block[], wish: RewriteWish): Mend[] {
  const { toUnits } = codePointsOf(text);
  const passages: Passage[] = [];
  for (const { start, end } of spans) {
    const passage = sentenceAround(text, blocks, { from: toUnits(start), to: toUnits(end) });
    const last = passages.at(-1);
    if (!last || passage.from >= last.to) passages.push(passage);
    else last.to = Math.max(last.to, passage.to);
  }
  return passages.slice(0, MOST_AT_ONCE).map((passage) => ({ passage, wish }));
}

/** Returns the fewest and longest paragraphs that can make up the difference in length. */
function toLength({ value, target }: Finding, blocks: Block[]): Mend[] {
  const missing = Number(target) - Number(value);
  if (!Number.isFinite(missing) || missing === 0) return [];
  const most = missing < 0 ? MOST_SHORTENED : MOST_EXPANDED;
  const prose = blocks.filter(({ kind }) => kind === 'paragraph' || kind === 'item').sort((one, other) => other.words - one.words);
  const longest = prose.filter(({ words }) => words >= FEWEST_WORDS);
  const chosen: Block[] = [];
  for (const block of longest.length > 0 ? longest : prose) {
    if (chosen.length >= MOST_AT_ONCE || wordsIn(chosen) * most >= Math.abs(missing)) break;
    chosen.push(block);
  }
  const factor = Math.max(1 - most, 1 + missing / Math.max(1, wordsIn(chosen)));
  return inOrder(chosen).map((block) => {
    const words = Math.max(1, Math.round(block.words * Math.min(factor, 1 + most)));
    return { passage: block, wish: { action: missing < 0 ? 'shorten' : 'expand', instruction: `About ${words} words instead of ${block.words}.` } };
  });
}

/** Returns the first paragraph to which a keyword can be added. */
function withKeyword(keyword: string, blocks: Block[]): Mend[] {
  const prose = blocks.filter(({ kind }) => kind === 'paragraph' || kind === 'item' || kind === 'quote');
  const place = prose.find(({ kind, words }) => kind === 'paragraph' && words >= FEWEST_WORDS) ?? prose[0] ?? blocks[0];
  if (!place) return [];
  return [{ passage: place, wish: custom(`Work in “${keyword}”, word for word, where it fits best. Change nothing else.`) }];
}

function translated(language: string | null, blocks: Block[]): Mend[] {
  if (language === null || blocks.length > 2 * MOST_AT_ONCE) return [];
  return blocks.map((passage) => ({ passage, wish: { action: 'translate', language } }));
}

function simplified(blocks: Block[]): Mend[] {
  const longest = blocks.filter(({ kind, words }) => kind === 'paragraph' && words >= FEWEST_WORDS).sort((one, other) => other.words - one.words);
  return inOrder(longest.slice(0, MOST_AT_ONCE)).map((passage) => ({ passage, wish: { action: 'simplify' } }));
}

/** Returns paragraphs that are too long. Headings have to be fixed by hand. */
function parted({ spans }: Finding, text: string, blocks: Block[]): Mend[] {
  const { toUnits } = codePointsOf(text);
  const places = new Set(spans.map(({ start }) => toUnits(start)));
  const tooLong = blocks.filter((block) => block.kind === 'paragraph' && block.words > MOST_WORDS_OF_PARAGRAPH && [...places].some((at) => at >= block.from && at < block.to));
  const wish = custom('Part it into two or three paragraphs with an empty line between them, word for word.');
  return tooLong.slice(0, MOST_AT_ONCE).map((passage) => ({ passage, wish }));
}

function wordsIn(blocks: Block[]): number {
  return blocks.reduce((sum, { words }) => sum + words, 0);
}

function inOrder(blocks: Block[]): Block[] {
  return [...blocks].sort((one, other) => one.from - other.from);
}

/** Combines the fixes of several checks. Fixes of the same words become one rewrite. */
export function together(mends: readonly Mend[]): Mend[] {
  const merged: Mend[] = [];
  for (const each of [...mends].sort((one, other) => one.passage.from - other.passage.from)) {
    const last = merged.at(-1);
    if (!last || each.passage.from >= last.passage.to) merged.push(each);
    else merged[merged.length - 1] = { passage: { from: last.passage.from, to: Math.max(last.passage.to, each.passage.to) }, wish: both(last.wish, each.wish) };
  }
  return merged;
}

const SAID: Partial<Record<RewriteWish['action'], string>> = {
  shorten: 'Make it clearly shorter.',
  expand: 'Make it longer, with what the text around it supports; invent no facts.',
  simplify: 'Make it simpler: short sentences, common words.',
};

function both(one: RewriteWish, other: RewriteWish): RewriteWish {
  const parts = [one, other].flatMap(({ action, language, instruction }) => [
    ...(action === 'translate' && language !== undefined ? [`Write it in the language that has the tag ${language}.`] : []),
    ...(SAID[action] === undefined ? [] : [SAID[action]]),
    ...(instruction === undefined ? [] : [instruction]),
  ]);
  return custom([...new Set(parts)].join(' ').slice(0, 1_000));
}
