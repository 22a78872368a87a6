import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import { signUp } from './people';
import { answerWith, release, uniqueWord } from './standin';
import { expect, test } from './watch';

const ROWS = 60;
const FAULTY = [17, 41];

/** Returns a CSV file as a German Excel writes it: semicolons, Windows-1252, and a column that no template uses. */
function csvOf(word: string): Buffer {
  const lines = Array.from({ length: ROWS }, (_, place) => `Mug ${word}n${place + 1}x;350 ml, größer;SKU${place}`);
  return Buffer.from(['Product name;FEATURES;SKU', ...lines].join('\r\n'), 'latin1');
}

/** The model rejects two of the rows the first time, and holds the answer for the last one until it is released. */
async function prepareAnswers(word: string): Promise<void> {
  await answerWith(word, [], { delayMs: 0 });
  for (const row of FAULTY) await answerWith(`${word}n${row}x`, [{ status: 400 }], { delayMs: 0 });
  await answerWith(`${word}n${ROWS}x`, [{ hold: true }], { delayMs: 0 });
}

async function importRows(page: Page, buffer: Buffer): Promise<void> {
  await page.goto('/bulk');
  await page.getByRole('button', { name: 'Upload a file' }).click();
  await page.getByLabel('CSV file').setInputFiles({ name: 'ours.csv', mimeType: 'text/csv', buffer });
  await expect(page.getByLabel('Read as')).toHaveValue('cp1252');
  await expect(page.getByLabel('Between the columns')).toHaveValue(';');
  await expect(page.getByText(`Rows 1 to 20 of ${ROWS}`)).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Choose a template' }).click();
  await page.getByLabel('Template', { exact: true }).selectOption({ label: 'Product (short)' });
  await expect(page.getByText('Not used: SKU')).toBeVisible();
  await page.getByRole('button', { name: 'Check the rows' }).click();
  await expect(page.getByText(`All ${ROWS} rows are good.`)).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: `Write ${ROWS}` }).click();
}

test('sixty products are imported and written, two are retried, all are exported as Word, and some are moved to the trash', async ({ page }) => {
  const word = uniqueWord();
  await prepareAnswers(word);
  await signUp(page);
  await importRows(page, csvOf(word));

  await expect(page.getByText(/^59 of 60 done · 2 failed/)).toBeVisible();
  await release(`${word}n${ROWS}x`);
  await expect(page.getByText('60 of 60 done · 2 failed', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Try the 2 again' }).click();
  await expect(page.getByText('60 of 60 done', { exact: true })).toBeVisible();

  await page.goto('/contents');
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  const bar = page.getByRole('region', { name: 'Selected texts' });
  await bar.getByRole('button', { name: `Select all ${ROWS} that match` }).click();
  await expect(bar.getByText(`${ROWS} selected, 35 on other pages`)).toBeVisible();
  await bar.getByRole('button', { name: 'Export' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Word' }).click();
  const file = await downloading;
  expect(file.suggestedFilename()).toBe('texts.zip');
  expect(namesIn(await readFile(await file.path())).filter((name) => name.endsWith('.docx'))).toHaveLength(ROWS);
  await bar.getByRole('button', { name: 'Clear the selection' }).click();

  for (const box of (await page.getByRole('checkbox', { name: /^Select Mug/ }).all()).slice(0, 12)) await box.check();
  await bar.getByRole('button', { name: 'Move to trash' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Move to trash' }).click();
  await expect(page.getByText('12 texts moved to the trash.')).toBeVisible();
  await expect(page.getByText(`${ROWS - 12} texts`, { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText(`${ROWS} texts`, { exact: true })).toBeVisible();
});

/** Returns the distinct file names in a zip's central directory. */
function namesIn(zip: Buffer): string[] {
  const names = new Set<string>();
  for (let at = zip.indexOf('PK\x01\x02'); at !== -1; at = zip.indexOf('PK\x01\x02', at + 4)) {
    names.add(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return [...names];
}
