import { expect, test } from 'vitest';

import { countCharacters, isBlank, isPasswordTooLong, PASSWORD_RULES, registrationResolver, type RegistrationValues } from './validation';

const good: RegistrationValues = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', password: 'SecurePass123' };
const options = { fields: {}, shouldUseNativeValidation: false } as const;

async function refused(changes: Partial<RegistrationValues>): Promise<Record<string, string | undefined>> {
  const { errors } = await registrationResolver({ ...good, ...changes }, undefined, options);
  return Object.fromEntries(Object.entries(errors).map(([field, error]) => [field, error.message]));
}

test.each(['גֶּ׳רְשׁ', 'בן־דוד', 'ジャン・ポール', 'བསྟན་འཛིན', 'O‘tkir', 'Anne‐Marie', 'De\u00a0la', 'Smith Jr.', 'John 3rd', 'King, Jr.', 'ﷺ'])(
  'the name %s is left to the server to judge',
  async (firstName) => expect(await refused({ firstName })).toEqual({}),
);

test.each(['', '   ', '\u3164', '\u200b\u200d', '\u2800', '\u115f\u1160', '\u00ad', '\ufeff'])('the name %j cannot be seen, so it is missing', async (firstName) => {
  expect(await refused({ firstName })).toEqual({ firstName: 'Enter your first name.' });
  expect(isBlank(firstName)).toBe(true);
});

test.each(['a@bücher.example', 'a@xn--bcher-kva.example', 'ünï@例え。テスト', 'a+b@sub.example.org', "o'x@example.co"])(
  'the address %s may be sent',
  async (email) => expect(await refused({ email })).toEqual({}),
);

test.each(['a', 'a@localhost', 'a@b@example.com', 'a b@example.com', '@example.com', 'a@.com', 'a@example.'])(
  'the address %s is none',
  async (email) => expect(await refused({ email })).toHaveProperty('email'),
);

test('a password counts as its composed form, however it was typed', () => {
  const decomposed = 'e\u0301'.repeat(36);
  expect(countCharacters(decomposed)).toBe(36);
  expect(isPasswordTooLong(decomposed)).toBe(false);
});

test.each([
  ['5', true],
  ['٣', true],
  ['²', false],
  ['Ⅻ', false],
])('%s is a digit: %s', (character, isDigit) => {
  expect(PASSWORD_RULES.at(-1)?.isMet(character)).toBe(isDigit);
});

test('an empty password is not called too weak', async () => {
  expect(await refused({ password: '' })).toEqual({ password: 'Choose a password.' });
});

test('values are trimmed, but a password keeps every character', async () => {
  const { values } = await registrationResolver({ ...good, email: ' ada@example.com ', password: ' SecurePass123 ' }, undefined, options);
  expect(values).toMatchObject({ email: 'ada@example.com', password: ' SecurePass123 ' });
});
