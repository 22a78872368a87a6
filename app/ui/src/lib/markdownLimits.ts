/** Limits on the complexity of a text. Beyond them it is shown as source, because parsing and rendering take time and stack. */

const LONGEST_TEXT = 200_000;
const MOST_LINES = 4_000;
/** The nesting depth of quotes, lists and emphasis, in tree nodes. */
const DEEPEST_TREE = 48;
const DEEPEST_CONTAINERS = 20;
/** The number of marks that may open or close something. The parser compares all marks of a paragraph with each other. */
const MOST_MARKS_IN_A_BLOCK = 1_000;
const MOST_MARKS = 6_000;

const MARKS = /[*_~]+|[[\]`<&\\]/g;
const CONTAINER_MARK = />|(?:[-*+]|\d{1,9}[.)])(?=\s)/g;
const CONTAINER_MARKS = /^(?:\s|>|[-*+](?=\s)|\d{1,9}[.)](?=\s))*/;

interface TreeNode {
  children?: TreeNode[];
}

/** Whether the parser would need seconds, or more stack than there is, for this text. Takes linear time itself. */
export function isTooIntricate(text: string): boolean {
  if (text.length > LONGEST_TEXT) return true;
  const lines = text.split(/\r\n?|\n/);
  return lines.length > 2 * MOST_LINES || lines.filter((line) => line.trim() !== '').length > MOST_LINES || isNested(lines) || isMarkedUp(lines);
}

function isNested(lines: string[]): boolean {
  const open: number[] = [];
  for (const line of lines) {
    const prefix = CONTAINER_MARKS.exec(line)?.[0] ?? '';
    const marks = prefix.match(CONTAINER_MARK)?.length ?? 0;
    const indent = /^\s*/.exec(line)?.[0].length ?? 0;
    if (marks > DEEPEST_CONTAINERS) return true;
    if (marks === 0) continue;
    while (open.length > 0 && (open.at(-1) ?? 0) >= indent) open.pop();
    open.push(indent);
    if (open.length > DEEPEST_CONTAINERS) return true;
  }
  return false;
}

function isMarkedUp(lines: string[]): boolean {
  let inBlock = 0;
  let inAll = 0;
  for (const line of lines) {
    const startsBlock = /^\s*(?:$|\||#|[-*+]\s|\d{1,9}[.)]\s)/.test(line);
    const marks = line.match(MARKS)?.length ?? 0;
    inBlock = startsBlock ? marks : inBlock + marks;
    inAll += marks;
    if (inBlock > MOST_MARKS_IN_A_BLOCK || inAll > MOST_MARKS) return true;
  }
  return false;
}

/** A remark plugin: throws when the tree is deeper than the plugins after it, and React, should recurse. */
export function remarkDepthLimit() {
  return (tree: TreeNode): void => {
    let level: TreeNode[] = [tree];
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth > DEEPEST_TREE) throw new RangeError('the text is nested too deeply');
      level = level.flatMap((node) => node.children ?? []);
    }
  };
}
