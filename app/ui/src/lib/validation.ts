/** The server's rules for what people type, so that most mistakes are said before anything is sent. The server decides. */

import * as z from 'zod/mini';

import { CONTENT_TYPES } from '../api/types';

// Compiled validators would need `unsafe-eval`, which the page's policy forbids.
z.config({ jitless: true });

export const MAX_TITLE = 200;
export const MAX_PROMPT = 10_000;
const MAX_NAME = 50;
const MIN_PASSWORD = 8;
const MAX_PASSWORD_BYTES = 72;

/** Characters as the server counts them: code points of the composed form, not UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text.normalize('NFC')).length;
}

export interface PasswordRule {
  label: string;
  isMet: (password: string) => boolean;
}

export const PASSWORD_RULES: PasswordRule[] = [
  { label: 'At least 8 characters', isMet: (password) => countCharacters(password) >= MIN_PASSWORD },
  { label: 'An upper-case letter', isMet: (password) => /\p{Lu}/u.test(password) },
  { label: 'A lower-case letter', isMet: (password) => /\p{Ll}/u.test(password) },
  { label: 'A digit', isMet: (password) => /\p{Nd}/u.test(password) },
];

/** bcrypt reads no more than 72 bytes; said only to the few whom it concerns. */
export function isPasswordTooLong(password: string): boolean {
  return new TextEncoder().encode(password).length > MAX_PASSWORD_BYTES;
}

const email = z.string().check(
  z.trim(),
  z.minLength(1, 'Enter your email address.'),
  z.refine((text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), { message: 'Enter an email address, like name@example.com.', abort: true }),
);

function text(maximum: number, whenEmpty: string, whenLong: string) {
  return z.string().check(
    z.trim(),
    z.minLength(1, whenEmpty),
    z.refine((value) => countCharacters(value) <= maximum, whenLong),
  );
}

function name(which: string) {
  return text(MAX_NAME, `Enter your ${which}.`, `At most ${MAX_NAME} characters.`);
}

export const loginSchema = z.object({
  email,
  password: z.string().check(z.minLength(1, 'Enter your password.')),
});

export const registrationSchema = z.object({
  firstName: name('first name'),
  lastName: name('last name'),
  email,
  password: z.string().check(
    z.refine((password) => PASSWORD_RULES.every((rule) => rule.isMet(password)), {
      message: 'This password does not meet all the rules yet.',
      abort: true,
    }),
    z.refine((password) => !isPasswordTooLong(password), 'This password is too long: at most 72 bytes.'),
  ),
});

const title = text(MAX_TITLE, 'Give it a title.', `At most ${MAX_TITLE} characters.`);
const prompt = text(MAX_PROMPT, 'Describe what you want.', `At most ${MAX_PROMPT.toLocaleString('en')} characters.`);

export const requestSchema = z.object({
  contentType: z.enum(CONTENT_TYPES, 'Choose what it should become.'),
  title,
  prompt,
});

export const editSchema = z.object({
  contentType: z.enum(CONTENT_TYPES),
  title,
  prompt,
  generatedText: z.string(),
});

export type LoginValues = z.infer<typeof loginSchema>;
export type RegistrationValues = z.infer<typeof registrationSchema>;
export type RequestValues = z.infer<typeof requestSchema>;
export type EditValues = z.infer<typeof editSchema>;
