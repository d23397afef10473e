import js from '@eslint/js'
import regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'
import { foreignNames } from './test/tidy/foreign-names-rule.js'
import { squeezedObjects } from './test/tidy/squeezed-objects-rule.js'

const hindra = {
  rules: { 'foreign-names': foreignNames, 'squeezed-objects': squeezedObjects },
}

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Index access with a name is what noPropertyAccessFromIndexSignature asks for.
      '@typescript-eslint/dot-notation': 'off',
      eqeqeq: 'error',
      'no-console': 'off',
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    ignores: ['src/cli/**'],
    // Output belongs to the command line; the server logs through its logger.
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    plugins: { regexp },
    // Foreign text meets these expressions: one that backtracks lets a stranger stop the service.
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false }],
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    // The API is described by names of our own alone, and `own` is where the others are looked up.
    ignores: ['src/http/openapi/**', 'src/core/own.ts'],
    plugins: { hindra },
    rules: { 'hindra/foreign-names': 'error' },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    // The formatter decides on lines, and `defined` on what is left out.
    plugins: { hindra },
    rules: { 'hindra/squeezed-objects': 'error' },
  },
  {
    files: ['src/console/assets/*.js'],
    // They run in a browser.
    languageOptions: {
      globals: {
        window: 'readonly',
        document: 'readonly',
        HTMLElement: 'readonly',
        HTMLInputElement: 'readonly',
        HTMLDialogElement: 'readonly',
        HTMLAnchorElement: 'readonly',
        HTMLFormElement: 'readonly',
        TextEncoder: 'readonly',
        Worker: 'readonly',
      },
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
)
