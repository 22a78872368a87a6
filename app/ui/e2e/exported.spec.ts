import { asClient, signUp, writeByHand } from './people';
import { expect, test } from './watch';

/** Unusual texts, each with words that the exported page must show. */
const ODD: [text: string, words: string[]][] = [
  ["# Scripts\n\n<script>window.ran = 'script'</script>\n\n<img src=x onerror=\"window.ran = 'image'\">\n\nafter", ['Scripts', 'after']],
  ["[click](javascript:window.ran='link') and ![pixel](https://evil.example/pixel.png) and <iframe src=\"https://evil.example\"></iframe> end", ['click', 'pixel', 'end']],
  ['<style>@import url(https://evil.example/style.css);</style><link rel="stylesheet" href="https://evil.example/x.css">\n\nstyled', ['styled']],
  ['- a list\n\n  | name | price |\n  |---|---|\n  | apron | 9 |\n\n  1. deeper\n     - deepest', ['name', 'apron', 'deeper', 'deepest']],
  ['```html\n<script>window.ran = `code`</script>\n```\n\nand ``a `tick` in code``', ['window.ran', 'a `tick` in code']],
  ['👩‍👩‍👧‍👦 and 🏳️‍🌈\n\n> שלום עולם\n\nمرحبا بالعالم\n\n漢字とかな', ['👩‍👩‍👧‍👦', 'שלום עולם', 'مرحبا بالعالم', '漢字とかな']],
  ['tab\there, a soft\u00adhyphen, a null-like \u2400, and a bell', ['here', 'and a bell']],
  [`start ${'word '.repeat(19_000)}finish`, ['start', 'finish']],
];

test('exported pages contain every word, run no scripts and load nothing', async ({ page, context }) => {
  const account = await signUp(page);
  const headers = await asClient(page, account);
  const exported = await context.newPage();
  const asked: string[] = [];
  exported.on('request', (request) => asked.push(request.url()));
  let html = '';
  // Served without the security headers of the app, so that only the file itself can prevent scripts from running.
  await exported.route('**/exported.html', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));

  for (const [text, words] of ODD) {
    const id = await writeByHand(page, account, { title: "Odd <b>parts</b> & 'quotes'", generatedText: text });
    const answer = await page.request.get(`/api/content/${id}/export?format=html`, { headers });
    expect(answer.headers()['content-disposition']).toContain('attachment');
    html = await answer.text();
    asked.length = 0;
    await exported.goto('/exported.html', { waitUntil: 'networkidle' });
    const shown = await exported.locator('body').innerText();
    for (const word of words) expect(shown).toContain(word);
    expect(await exported.evaluate(() => 'ran' in window)).toBe(false);
    expect(asked).toHaveLength(1);
  }
});
