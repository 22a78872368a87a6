/** Texts as models write them, in many scripts: what is shown (outer HTML without attributes), copied and excerpted. */
import { render } from '@testing-library/react';
import { expect, test } from 'vitest';

import { excerptOf } from '../lib/excerpt';
import { plainTextOf } from '../lib/plainText';
import MarkdownText from './MarkdownText';

function structureOf(text: string): string {
  const prose = render(<MarkdownText text={text} />).container.querySelector('.prose');
  for (const element of prose?.querySelectorAll('*') ?? []) {
    for (const { name } of Array.from(element.attributes)) if (name !== 'href' && name !== 'start') element.removeAttribute(name);
  }
  return (prose?.innerHTML ?? '').replace(/(<\/?(?:p|ul|ol|li|blockquote|pre|br|div)\b[^>]*>)\n+/g, '$1').replace(/\n+(<\/(?:code|ul|ol|blockquote)>)/g, '$1');
}

function copyOf(text: string): string {
  const { container } = render(<MarkdownText text={text} />);
  return plainTextOf(container.querySelector('.prose') ?? container);
}

const STRUCTURES: [string, string][] = [
  // HTML is shown as source text.
  ['A `List` of List<String> values', '<p>A <code>List</code> of List&lt;String&gt; values</p>'],
  ['Map<String, List<int>> m', '<p>Map&lt;String, List&lt;int&gt;&gt; m</p>'],
  ['sun<br>water', '<p>sun<br>water</p>'],
  ['sun<br/>water<BR >air', '<p>sun<br>water<br>air</p>'],
  ['H<sub>2</sub>O', '<p>H&lt;sub&gt;2&lt;/sub&gt;O</p>'],
  ['<div>\n**Bold** inside\n</div>', '<p>&lt;div&gt;<br><strong>Bold</strong> inside<br>&lt;/div&gt;</p>'],
  ['<p>All of it</p>', '<p>&lt;p&gt;All of it&lt;/p&gt;</p>'],
  ['<script>\n  a();\n\n  b();\n</script>', '<pre><code>&lt;script&gt;\n  a();\n\n  b();\n&lt;/script&gt;</code></pre>'],
  ['before <!-- note --> after', '<p>before  after</p>'],
  ['<!-- a\n\nb -->\n\nafter', '<p>after</p>'],
  ['<!-- only this -->', '<div>&lt;!-- only this --&gt;</div>'],
  ['- a<br>b\n- <i>c</i>', '<ul><li>a<br>b</li><li>&lt;i&gt;c&lt;/i&gt;</li></ul>'],
  ['> <b>quoted</b>', '<blockquote><p>&lt;b&gt;quoted&lt;/b&gt;</p></blockquote>'],
  ['5 < 6 && 7 > 3', '<p>5 &lt; 6 &amp;&amp; 7 &gt; 3</p>'],
  ['`<b>` &lt;b&gt; R&D', '<p><code>&lt;b&gt;</code> &lt;b&gt; R&amp;D</p>'],
  // Amounts are not struck through.
  ['~20 litres for ~30 euros', '<p>~20 litres for ~30 euros</p>'],
  ['直径0.3~8mm,长度1~2m', '<p>直径0.3~8mm,长度1~2m</p>'],
  ['~~gone~~ here', '<p><del>gone</del> here</p>'],
  // Emphasis beside the punctuation of scripts that put no space there.
  ['**中文（English）**后面', '<p><strong>中文（English）</strong>后面</p>'],
  ['**토마토(Tomato)**는', '<p><strong>토마토(Tomato)</strong>는</p>'],
  ['これは**「重要」**です', '<p>これは<strong>「重要」</strong>です</p>'],
  ['*注意！*请看', '<p><em>注意！</em>请看</p>'],
  ['**Жирный** текст', '<p><strong>Жирный</strong> текст</p>'],
  ['**ตัวหนา**และ', '<p><strong>ตัวหนา</strong>และ</p>'],
  ['snake_case_name and 2 * 3 * 4', '<p>snake_case_name and 2 * 3 * 4</p>'],
  // URLs end where the sentence continues.
  ['见https://example.com/docs，然后', '<p>见<a href="https://example.com/docs">https://example.com/docs</a>，然后</p>'],
  ['（https://example.com/a）', '<p>（<a href="https://example.com/a">https://example.com/a</a>）</p>'],
  ['https://example.com/docs然后', '<p><a href="https://example.com/docs">https://example.com/docs</a>然后</p>'],
  ['https://example.com/a。**重点**吧', '<p><a href="https://example.com/a">https://example.com/a</a>。<strong>重点</strong>吧</p>'],
  ['https://example.com/a、https://example.com/b。', '<p><a href="https://example.com/a">https://example.com/a</a>、<a href="https://example.com/b">https://example.com/b</a>。</p>'],
  ['https://de.wikipedia.org/wiki/Müller', '<p><a href="https://de.wikipedia.org/wiki/M%C3%BCller">https://de.wikipedia.org/wiki/Müller</a></p>'],
  ['“https://example.com/x”', '<p>“<a href="https://example.com/x">https://example.com/x</a>”</p>'],
  ['[文档，全部](https://example.com/文)', '<p><a href="https://example.com/%E6%96%87">文档，全部</a></p>'],
  // Harmless links stay.
  ['[call](tel:+4930123)', '<p><a href="tel:+4930123">call</a></p>'],
  ['[up](#anchor)', '<p><a href="#anchor">up</a></p>'],
  ['[write](mailto:a@example.com)', '<p><a href="mailto:a@example.com">write</a></p>'],
  ['[no](javascript:alert(1))', '<p><span>no</span></p>'],
  ['[no](data:text/html,x)', '<p><span>no</span></p>'],
  // Footnotes and sources are never lost.
  ['Sun[^1]\n\n[^1]: A star.', '<p>Sun[1]</p><p>[1] A star.</p>'],
  ['Sun[^9] alone', '<p>Sun[^9] alone</p>'],
  ['Text.\n\n[1]: https://example.com/a', '<p>Text.</p><p>[1] <a href="https://example.com/a">https://example.com/a</a></p>'],
  ['[Text][1]\n\n[1]: https://example.com/a', '<p><a href="https://example.com/a">Text</a></p>'],
  ['[](https://example.com/a)', '<p><a href="https://example.com/a">https://example.com/a</a></p>'],
  ['```λόγος\n```', '<pre><code>λόγος</code></pre>'],
  ['~~~ Summer sale ~~~\nCome in.', '<p>Summer sale ~~~</p><pre><code>Come in.</code></pre>'],
  // Numbers, breaks, lists.
  ['0. zero\n1. one', '<ol start="0"><li>zero</li><li>one</li></ol>'],
  ['7. seven\n8. eight', '<ol start="7"><li>seven</li><li>eight</li></ol>'],
  ['Roses are red,\nviolets are blue', '<p>Roses are red,<br>violets are blue</p>'],
  ['hard  \nbreak\\\nagain', '<p>hard<br>break<br>again</p>'],
  ['- one\n  two', '<ul><li>one<br>two</li></ul>'],
  ['> a\n> b', '<blockquote><p>a<br>b</p></blockquote>'],
  ['सूरज\nचाँद', '<p>सूरज<br>चाँद</p>'],
];

test.each(STRUCTURES)('%j is shown as %j', (text, structure) => {
  expect(structureOf(text)).toBe(structure);
});

const COPIES: [string, string][] = [
  ['sun<br>water', 'sun\nwater'],
  ['List<String>', 'List<String>'],
  ['**bold** *soft* ~~old~~ `a  b`', 'bold soft old a  b'],
  ['[text](https://example.org/a)', 'text (https://example.org/a)'],
  ['<https://example.org/a>', 'https://example.org/a'],
  ['[mail](mailto:a@example.com)', 'mail (a@example.com)'],
  ['a@example.com', 'a@example.com'],
  ['www.example.org', 'www.example.org'],
  ['[up](#anchor)', 'up'],
  ['| a | b |\n|---|:-:|\n| 1<br>2 | **x** |', 'a\tb\n1 2\tx'],
  ['0. zero\n1. one', '0. zero\n1. one'],
  ['7. seven', '7. seven'],
  ['hard  \nbreak', 'hard\nbreak'],
  ['Roses\nViolets', 'Roses\nViolets'],
  ['- [x] done\n- [ ] open', '☑ done\n☐ open'],
  ['- a\n  - b\n    1. c', '• a\n  • b\n    1. c'],
  ['```\n\n  x = 1\n\ty\n```', '  x = 1\n\ty'],
  ['a\n\n```\n  x\n\n\n  y\n```\n\nb', 'a\n\n  x\n\n\n  y\n\nb'],
  ['Sun[^1]\n\n[^1]: A star.', 'Sun[1]\n\n[1] A star.'],
  ['> said\n> so', 'said\nso'],
  ['a <!-- b --> c', 'a  c'],
  ['# Заголовок\n\nТекст', 'Заголовок\n\nТекст'],
  ['**Ελλάδα** και', 'Ελλάδα και'],
  ['**한국어(韓國語)**와', '한국어(韓國語)와'],
  ['## কফি\n\n- চা', 'কফি\n\n• চা'],
];

test.each(COPIES)('%j is copied as %j', (text, copy) => {
  expect(copyOf(text)).toBe(copy);
});

const EXCERPTS: [string, string, string?][] = [
  ['<!-- secret -->Text', 'Text'],
  ['<!-- never closed', '<!-- never closed'],
  ['| a | b |\n|---|---|\n| 1 | 2 |', 'a b 1 2'],
  ['a | b\n--- | ---\n1 | 2', 'a | b 1 | 2'],
  ['R&amp;D &#8211; <b>bold</b>', 'R&D – bold'],
  ['- [ ] open\n- [x] done', 'open done'],
  ['# Title\n\nFirst words', 'First words', 'Title'],
  ['**The Title**\n\nFirst words', 'First words', '“The title.”'],
  ['# Title', 'Title', 'Title'],
  ['# Other\n\nwords', 'Other words', 'Title'],
  ['> - ## Deep', 'Deep'],
  ['```js\nconst a = `b`;\n```', 'const a = `b`;'],
  ['`*args` and \\*stars\\*', '*args and *stars*'],
  ['Sun[^1] and ![a cat](x.png) [link](https://x.org/a_(b))', 'Sun[1] and a cat link'],
  ['~20 litres … ~30 euros', '~20 litres … ~30 euros'],
  ['List<String> stays', 'List<String> stays'],
  ['sun<br>water', 'sun water'],
  ['one\n===\n\ntwo\n\n---\n\nthree', 'one two three'],
  ['***both*** and __strong__ and snake_case', 'both and strong and snake_case'],
  ['abc\u202edef', 'abcdef'],
  ['**中文（English）**后面', '中文（English）后面'],
  ['# مرحبا\n\nنص **عريض**', 'نص عريض', 'مرحبا'],
  ['**שלום** עולם', 'שלום עולם'],
  ['*ქართული* ენა', 'ქართული ენა'],
  ['**தமிழ்** மொழி', 'தமிழ் மொழி'],
];

test.each(EXCERPTS)('the excerpt of %j is %j', (text, excerpt, title = '') => {
  expect(excerptOf(text, title)).toBe(excerpt);
});

test.each(['👨‍👩‍👧‍👦', 'é', 'क्षि', '🇩🇪', '👍🏽'])('an excerpt never cuts %s in two', (grapheme) => {
  expect(excerptOf(grapheme.repeat(400))).toMatch(new RegExp(`^(?:${grapheme})+…$`, 'u'));
});
