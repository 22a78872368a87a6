import { isSameTitle } from './titles';

const READ_AT_MOST = 4_000;
const SHOW_AT_MOST = 260;

/** Escaped characters are moved to this private-use range while marks are removed, so that none is mistaken for a mark. */
const LITERAL = 0xf100;

const ENTITIES: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…', ndash: '–', mdash: '—', shy: '', copy: '©',
  reg: '®', trade: '™', euro: '€', pound: '£', deg: '°', times: '×', middot: '·', bull: '•', laquo: '«', raquo: '»',
  lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bdquo: '„', rarr: '→', larr: '←', frac12: '½', eacute: 'é', egrave: 'è',
  auml: 'ä', ouml: 'ö', uuml: 'ü', szlig: 'ß', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', ccedil: 'ç', ntilde: 'ñ', agrave: 'à',
};

const HTML_TAG =
  /<\/?(?:a|abbr|article|aside|b|big|blockquote|body|br|button|caption|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|ol|p|pre|q|s|samp|script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video)(?:\s[^<>]*)?\/?>/gi;

/** The first words of a Markdown text, on one line, without its marks and without a first line that repeats `title`. */
export function excerptOf(markdown: string, title = ''): string {
  const start = markdown.slice(0, READ_AT_MOST).replace(/<!--[\s\S]*?(?:-->|$)/g, ' ');
  const lines = literalsHidden(start).split(/\r\n?|\n/).map(withoutBlockMarks).join('\n');
  const [first, ...rest] = inlineMarksGone(lines).replace(/^\s+/, '').split('\n');
  const kept = rest.some((line) => line.trim() !== '') && isSameTitle(shown(first ?? ''), title) ? rest : [first, ...rest];
  return shortened(shown(kept.join(' ')) || oneLine(markdown.slice(0, READ_AT_MOST)));
}

function literal(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 128 && character !== '\n' ? String.fromCharCode(LITERAL + code) : character;
  }).join('');
}

function literalsHidden(text: string): string {
  return text
    .replace(/^\s{0,3}(`{3,}|~{3,})[^\n]*\n?([\s\S]*?)(?:^\s{0,3}\1[`~]*\s*$|$(?![\s\S]))/gm, (_, _fence: string, code: string) => literal(code))
    .replace(/(`+)([^`\n]+)\1(?!`)/g, (_, _ticks: string, code: string) => literal(code))
    .replace(/\\([!-/:-@[-`{-~])/g, (_, mark: string) => literal(mark))
    .replace(/<(https?:[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>/gi, (_, address: string) => literal(address))
    .replace(HTML_TAG, (tag) => (/^<\/?(?:[abiqsu]|code|del|em|font|ins|kbd|mark|small|span|strong|su[bp]|tt)\b/i.test(tag) ? '' : ' '))
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}\d{0,2}));/gi, entity);
}

function entity(written: string, decimal?: string, hexadecimal?: string, name?: string): string {
  if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? literal(ENTITIES[name] ?? '') : written;
  const code = decimal === undefined ? parseInt(hexadecimal ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? literal(String.fromCodePoint(code)) : ' ';
}

function withoutBlockMarks(line: string): string {
  if (/^\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?$/.test(line)) return '';
  if (/^\s{0,3}(?:=+|(?:[-*_]\s*){3,}|--)\s*$/.test(line) || /^\s{0,3}\[[^\]^]+\]:\s+\S+/.test(line)) return '';
  const text = line
    .replace(/^(?:\s*(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s)))+\s*/, '')
    .replace(/^\s*#{1,6}(?:\s+|$)/, '')
    .replace(/\s#+\s*$/, '')
    .replace(/^\s*\[[ xX]\]\s+/, '')
    .replace(/^\s*\[\^[^\]]+\]:\s*/, '');
  return /^\s*\|.*\|\s*$/.test(text) ? text.replaceAll('|', ' ') : text;
}

const EMPHASIS = [
  /(\*{1,3})([^\s*](?:[^*]*[^\s*])?)\1/g,
  /(?<![\p{L}\p{N}_])(_{1,3})([^\s_](?:[^_]*[^\s_])?)\1(?![\p{L}\p{N}_])/gu,
  /(~~)([^\s~](?:[^~]*[^\s~])?)\1(?!~)/g,
];

function inlineMarksGone(text: string): string {
  let plain = text
    .replace(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/\[([^[\]]+)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])/g, '$1')
    .replace(/\[\^([^\]\s]+)\]/g, '[$1]');
  for (let depth = 0; depth < 3; depth += 1) for (const mark of EMPHASIS) plain = plain.replace(mark, '$2');
  return plain;
}

/** Restores the escaped characters, on one line. Bidirectional control characters are removed. */
function shown(text: string): string {
  return oneLine(text.replace(/[\uf100-\uf17f]/g, (character) => String.fromCharCode(character.charCodeAt(0) - LITERAL)));
}

function oneLine(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]|(?=\p{Cc})\S/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function shortened(text: string): string {
  const characters = graphemesOf(text.slice(0, READ_AT_MOST));
  return characters.length > SHOW_AT_MOST ? `${characters.slice(0, SHOW_AT_MOST).join('').trimEnd()}…` : text;
}

/** Grapheme clusters, so that an emoji sequence or a syllable is never cut. */
function graphemesOf(text: string): string[] {
  if (!('Segmenter' in Intl)) return Array.from(text);
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);
}
