import parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { expect, test, vi } from 'vitest';

import { textInOwnElement } from './text-in-own-element.js';

// Each case is checked with the types of the whole app.
vi.setConfig({ testTimeout: 60_000 });

const PRELUDE = `
import type { ReactElement, ReactNode } from 'react';
declare const flag: boolean, name: string, count: number, error: string | null, children: ReactNode, items: ReactElement[];
declare function Icon(): ReactElement | null;
declare function Words(): ReactElement | string;
`;

function complaints(jsx: string): string[] {
  const linter = new Linter({ cwd: import.meta.dirname });
  const config = {
    files: ['**/*.tsx'],
    languageOptions: {
      parser,
      parserOptions: {
        ecmaFeatures: { jsx: true },
        projectService: { allowDefaultProject: ['*.tsx'], defaultProject: '../tsconfig.app.json' },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { own: { rules: { text: textInOwnElement } } },
    rules: { 'own/text': 'error' },
  };
  return linter
    .verify(`${PRELUDE}export const shown = ${jsx};`, [config as Linter.Config], `${import.meta.dirname}/example.tsx`)
    .map((message) => message.messageId ?? message.message);
}

test.each([
  ['<p>{count} of {name}</p>', 3],
  ['<p>Saved {flag && <b>now</b>}</p>', 1],
  ['<button>{flag ? <Icon /> : null}Save</button>', 1],
  ['<button>{flag && <Icon />}{children}</button>', 1],
  ['<p>Saved <Icon /></p>', 1],
  ['<p><Words /><b>more</b></p>', 1],
  ['<>{name}</>', 1],
  ['<>Saved</>', 1],
  ['<p>{[name]}<b>more</b></p>', 1],
] as const)('%s is refused', (jsx, times) => {
  expect(complaints(jsx)).toHaveLength(times);
});

test.each([
  '<p>Saved</p>',
  '<p>{name}</p>',
  '<p>{flag ? name : <b>none</b>}</p>',
  '<p>See <b>this</b> one.</p>',
  '<p>{error && <b>{error}</b>}{items}</p>',
  '<button>{flag && <Icon />}<span>{children}</span></button>',
  '<><Icon /><p>Saved</p></>',
])('%s is fine', (jsx) => {
  expect(complaints(jsx)).toEqual([]);
});
