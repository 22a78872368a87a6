/** Client-side copies of the server's validation rules. The server's are authoritative. */

import type { FieldErrors, FieldValues, Resolver } from 'react-hook-form';

import { CONTENT_TYPES, type ContentType } from '../api/types';

export const MAX_TITLE = 200;
export const MAX_PROMPT = 10_000;
const MAX_NAME = 50;
const MIN_PASSWORD = 8;
const MAX_PASSWORD_BYTES = 72;

export interface LoginValues {
  email: string;
  password: string;
}

export interface RegistrationValues extends LoginValues {
  firstName: string;
  lastName: string;
}

export type ProfileValues = Pick<RegistrationValues, 'firstName' | 'lastName'>;

export interface PasswordChangeValues {
  currentPassword: string;
  newPassword: string;
}

export interface NewPasswordValues {
  newPassword: string;
}

export interface RequestValues {
  contentType: ContentType;
  title: string;
  prompt: string;
}

/** Characters as the server counts them: code points of the composed form, not UTF-16 units. */
export function countCharacters(text: string): number {
  return Array.from(text.normalize('NFC')).length;
}

/** White space, control characters, and blank letters: the Hangul fillers and the blank Braille pattern. */
const INVISIBLE = /^[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether `text` has no visible character. */
export function isBlank(text: string): boolean {
  return INVISIBLE.test(text);
}

export interface PasswordRule {
  label: string;
  isMet: (password: string) => boolean;
}

export const PASSWORD_RULES: PasswordRule[] = [
  { label: 'At least 8 characters', isMet: (password) => countCharacters(password) >= MIN_PASSWORD },
  { label: 'An upper-case letter', isMet: (password) => /\p{Lu}/u.test(password.normalize('NFC')) },
  { label: 'A lower-case letter', isMet: (password) => /\p{Ll}/u.test(password.normalize('NFC')) },
  { label: 'A digit', isMet: (password) => /\p{Nd}/u.test(password) },
];

/** bcrypt uses at most 72 bytes of the composed form. Shown only if a password is longer. */
export function isPasswordTooLong(password: string): boolean {
  return new TextEncoder().encode(password.normalize('NFC')).length > MAX_PASSWORD_BYTES;
}

/** Returns the error message for a value, or null. */
export type Check = (value: string) => string | null;

/** One `@`, and a full stop in the domain, in any script. The server checks the rest. */
const EMAIL = /^[^\s@]+@[^\s@.]+(?:[.\u3002\uFF0E\uFF61][^\s@]+)+$/u;

const checkEmail: Check = (value) => {
  if (isBlank(value)) return 'Enter your email address.';
  return EMAIL.test(value) ? null : 'Enter an email address, like name@example.com.';
};

/** Looser, so that users registered under earlier rules can log in. */
const checkKnownEmail: Check = (value) => {
  if (isBlank(value)) return 'Enter your email address.';
  return /^\S+@[^\s@]+$/u.test(value) ? null : 'Enter an email address, like name@example.com.';
};

const checkNewPassword: Check = (password) => {
  if (password === '') return 'Choose a password.';
  if (!PASSWORD_RULES.every((rule) => rule.isMet(password))) return 'This password does not meet all the rules yet.';
  return isPasswordTooLong(password) ? 'This password is too long: at most 72 bytes.' : null;
};

export function text(maximum: number, whenEmpty: string): Check {
  return (value) => {
    if (isBlank(value)) return whenEmpty;
    return countCharacters(value) > maximum ? `At most ${maximum.toLocaleString('en')} characters.` : null;
  };
}

const FEWEST_WORDS = 5;
const MOST_WORDS = 3_000;

/** A text length, or empty. */
export const checkWords: Check = (value) => {
  const isCount = /^\d{1,5}$/.test(value) && Number(value) >= FEWEST_WORDS && Number(value) <= MOST_WORDS;
  return value === '' || isCount ? null : `A whole number from ${FEWEST_WORDS} to ${MOST_WORDS.toLocaleString('en')}.`;
};

export const checkType: Check = (value) => (CONTENT_TYPES.some((type) => type === value) ? null : 'Choose what you are writing.');

/** Validates all fields and returns the trimmed values. Passwords and texts are not trimmed. */
export function resolver<T extends FieldValues & { [K in keyof T]: string }>(
  checks: Record<keyof T & string, Check>,
  verbatim: readonly (keyof T & string)[] = [],
): Resolver<T> {
  const names = Object.keys(checks) as (keyof T & string)[];
  return (values: Record<keyof T & string, string>) => {
    const given = names.map((name) => [name, verbatim.includes(name) ? values[name] : values[name].trim()] as const);
    const wrong = given.flatMap(([name, value]) => {
      const message = checks[name](value);
      return message === null ? [] : [[name, { type: 'rule', message }] as const];
    });
    if (wrong.length > 0) return { values: {}, errors: Object.fromEntries(wrong) as FieldErrors<T> };
    return { values: Object.fromEntries(given) as T, errors: {} };
  };
}

const names = {
  firstName: text(MAX_NAME, 'Enter your first name.'),
  lastName: text(MAX_NAME, 'Enter your last name.'),
};

export const profileResolver = resolver<ProfileValues>(names);

export const newPasswordResolver = resolver<NewPasswordValues>({ newPassword: checkNewPassword }, ['newPassword']);

export const passwordChangeResolver = resolver<PasswordChangeValues>(
  { currentPassword: (value) => (value === '' ? 'Enter your current password.' : null), newPassword: checkNewPassword },
  ['currentPassword', 'newPassword'],
);

export const loginResolver = resolver<LoginValues>(
  { email: checkKnownEmail, password: (value) => (value === '' ? 'Enter your password.' : null) },
  ['password'],
);

export const registrationResolver = resolver<RegistrationValues>(
  {
    ...names,
    email: checkEmail,
    password: checkNewPassword,
  },
  ['password'],
);
