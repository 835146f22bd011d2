import MarkdownIt, { type Token } from 'markdown-it';
import type { Blueprint, Heading } from '../model/blueprint.ts';
import type { BlueprintGoal } from '../model/goal.ts';
import { GOAL_ID_PATTERN } from '../model/ids.ts';
import type { Issue } from '../model/issue.ts';
import { FILE_START, type Located, lineRange, type Range, range } from '../model/source.ts';
import type { Parsed, Path } from './parsed.ts';
import { withoutMark } from './yaml.ts';

/** `A1-E1`, `A1-S3`, `G-2`, `M2`, but no part of a longer word. */
const ID = /(?<![\w-])(?:[A-Z]\d+-[ES]\d+|G-\d+|M\d+)(?![\w-])/g;

const COLUMNS = { id: /^(#|id|goal id)$/i, title: /^(goal|title)$/i, check: /check/i, verification: /verif/i };
type Column = keyof typeof COLUMNS;
const COLUMN_NAMES = Object.keys(COLUMNS) as Column[];

const markdown = new MarkdownIt('default', { html: true });

/** Reads headings, goals tables and ids of a blueprint. Codes: `blueprint.goal-id`, `blueprint.duplicate-goal`. */
export function parseBlueprint(text: string, file: string): Parsed<Blueprint> {
  const body = withoutMark(text);
  const lines = body.split(/\r\n|\n|\r/);
  const tokens = markdown.parse(body, {});
  const headings = readHeadings(tokens, lines);
  const { goals, issues } = readGoals(tokens, lines, file);
  const title = headings.find((heading) => heading.level === 1)?.text;
  const value: Blueprint = { title, headings, goals, ids: readIds(tokens, lines) };
  return { value, issues, locate: (path) => locate(value, path), locateKey: (path) => locate(value, path) };
}

function locate(blueprint: Blueprint, [part, index]: Path): Range {
  if (part !== 'headings' && part !== 'goals' && part !== 'ids') return FILE_START;
  return blueprint[part][Number(index)]?.range ?? FILE_START;
}

function readHeadings(tokens: readonly Token[], lines: readonly string[]): Heading[] {
  return tokens.flatMap((token, at) => {
    if (token.type !== 'heading_open' || token.map === null) return [];
    const line = token.map[0];
    const text = plainText(tokens[at + 1]);
    return [{ level: Number(token.tag.slice(1)), text, range: lineRange(line + 1, lines[line] ?? '') }];
  });
}

/** The text of an inline token as a reader sees it. */
function plainText(token: Token | undefined): string {
  const parts = token?.children?.map((child) => (child.type === 'softbreak' ? ' ' : child.content)) ?? [];
  return parts.join('').trim();
}

function readGoals(tokens: readonly Token[], lines: readonly string[], file: string) {
  const goals: Located<BlueprintGoal>[] = [];
  const issues: Issue[] = [];
  const firsts = new Map<string, Range>();
  for (const row of goalRows(tokens)) {
    const at = lineRange(row.line + 1, lines[row.line] ?? '');
    const first = firsts.get(row.goal.id);
    if (!GOAL_ID_PATTERN.test(row.goal.id)) {
      const message = `"${row.goal.id}" is not a goal id. A goal id looks like G-1.`;
      issues.push({ code: 'blueprint.goal-id', severity: 'error', message, file, range: at });
    } else if (first !== undefined) {
      const message = `The goal ${row.goal.id} is here twice. Give each goal an id of its own.`;
      const related = [{ file, range: first, message: `${row.goal.id} is first here.` }];
      issues.push({ code: 'blueprint.duplicate-goal', severity: 'error', message, file, range: at, related });
    } else {
      firsts.set(row.goal.id, at);
      goals.push({ value: row.goal, range: at });
    }
  }
  return { goals, issues };
}

interface GoalRow {
  readonly line: number;
  readonly goal: BlueprintGoal;
}

/** Rows of every table that has at least the columns for id, goal and check. */
function* goalRows(tokens: readonly Token[]): Generator<GoalRow> {
  let columns: ReadonlyMap<Column, number> | undefined;
  let cells: Token[] = [];
  let line = 0;
  let inHead = false;
  for (const token of tokens) {
    if (token.type === 'thead_open') inHead = true;
    else if (token.type === 'thead_close') inHead = false;
    else if (token.type === 'table_close') columns = undefined;
    else if (token.type === 'tr_open') {
      cells = [];
      line = token.map?.[0] ?? 0;
    } else if (token.type === 'inline') cells.push(token);
    else if (token.type === 'tr_close' && inHead) columns = goalColumns(cells.map(plainText));
    else if (token.type === 'tr_close' && columns !== undefined) {
      const cell = (name: Column): Token | undefined => cells[columns?.get(name) ?? -1];
      const id = plainText(cell('id'));
      const check = cell('check')?.content.trim() ?? '';
      const verification = cell('verification')?.content.trim() ?? '';
      if (id !== '') yield { line, goal: { id, title: plainText(cell('title')), check, verification } };
    }
  }
}

function goalColumns(headings: readonly string[]): ReadonlyMap<Column, number> | undefined {
  const columns = new Map(
    COLUMN_NAMES.map((name) => [name, headings.findIndex((heading) => COLUMNS[name].test(heading))]),
  );
  const required: Column[] = ['id', 'title', 'check'];
  return required.every((name) => (columns.get(name) ?? -1) >= 0) ? columns : undefined;
}

function readIds(tokens: readonly Token[], lines: readonly string[]): Located<string>[] {
  const hidden = new Set<number>();
  for (const { type, map } of tokens) {
    if (map === null || !['fence', 'code_block', 'html_block'].includes(type)) continue;
    for (let line = map[0]; line < map[1]; line++) hidden.add(line);
  }
  return lines.flatMap((text, line) => {
    if (hidden.has(line)) return [];
    return [...text.matchAll(ID)].map((match) => {
      const column = match.index + 1;
      return { value: match[0], range: range(line + 1, column, line + 1, column + match[0].length) };
    });
  });
}
