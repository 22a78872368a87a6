import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

import { textInOwnElement } from './lint/text-in-own-element.js';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'test-results', 'playwright-report'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An interface and a type alias say the same; the codebase may use the one that reads better.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Event handlers may be async: their errors are caught where they arise.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.strict],
    languageOptions: { globals: globals.browser },
    plugins: { own: { rules: { 'text-in-own-element': textInOwnElement } } },
    rules: {
      'own/text-in-own-element': 'error',
      // Text must not be built as HTML anywhere: the Markdown renderer makes elements.
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Render elements, never HTML text.' },
      ],
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'react', importNames: ['Suspense', 'lazy'], message: 'Use PartsBoundary and lazyPart: they also handle slow and failed loading.' }] },
      ],
      'no-restricted-globals': ['error', { name: 'localStorage', message: 'Drafts alone are kept there: see lib/drafts.ts.' }],
      'no-console': 'error',
    },
  },
  { files: ['src/components/{PartsBoundary,lazyPart}.tsx'], rules: { 'no-restricted-imports': 'off' } },
  // A generated text is drawn anew whenever it changes (see RenderedText): nothing in it is ever moved.
  { files: ['src/components/MarkdownText.tsx'], rules: { 'own/text-in-own-element': 'off' } },
  { files: ['src/**/*.test.{ts,tsx}', 'src/test/**'], rules: { 'own/text-in-own-element': 'off', 'no-restricted-globals': 'off' } },
  { files: ['scripts/**/*.mjs', 'eslint.config.js', 'lint/**/*.js'], languageOptions: { globals: globals.node } },
);
