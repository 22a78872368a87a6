/** The display name of each check. */

const NAMES: Record<string, string | undefined> = {
  length: 'Length',
  keyword: 'Keyword',
  avoid: 'Words to avoid',
  language: 'Language',
  structure: 'Structure',
  readability: 'Readability',
  repetition: 'Repetition',
  cliches: 'Worn phrases',
  'to-verify': 'To verify',
  placeholders: 'Blanks to fill in',
  'task-talk': 'Talk about the task',
};

export function nameOfCheck(check: string): string {
  return NAMES[check] ?? check;
}
