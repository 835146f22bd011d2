import * as vscode from 'vscode';
import type { Session } from '../session.ts';

const BLOCK = /^(.+):(\d+)\.(\d+),(\d+)\.(\d+) (\d+) (\d+)$/;
const MODULE = /^module\s+(\S+)/m;

/** A file of a Go cover profile with its statements. */
class GoCoverage extends vscode.FileCoverage {
  readonly statements: readonly vscode.StatementCoverage[];

  constructor(uri: vscode.Uri, statements: readonly vscode.StatementCoverage[]) {
    const covered = statements.filter(({ executed }) => executed !== 0 && executed !== false).length;
    super(uri, new vscode.TestCoverageCount(covered, statements.length));
    this.statements = statements;
  }
}

/** What the last run of a Go test check has covered, file by file. Empty where it left no profile. */
export async function coverageOf(session: Session, check: string): Promise<vscode.FileCoverage[]> {
  const { config } = await session.snapshot();
  const cwd = config.checks[check]?.cwd ?? '.';
  const profile = await read(session.uri(`.infrabuilder/coverage/${check}.out`));
  const module = MODULE.exec((await read(session.uri(`${cwd}/go.mod`))) ?? '')?.[1];
  if (profile === undefined || module === undefined) return [];
  return [...statementsByFile(profile)].flatMap(([name, statements]) => {
    if (!name.startsWith(`${module}/`)) return [];
    return [new GoCoverage(session.uri(`${cwd}/${name.slice(module.length + 1)}`), statements)];
  });
}

export function detailsOf(file: vscode.FileCoverage): vscode.StatementCoverage[] {
  return file instanceof GoCoverage ? [...file.statements] : [];
}

/** Several test binaries may report the same block; their counts add up. */
function statementsByFile(profile: string): Map<string, vscode.StatementCoverage[]> {
  const counts = new Map<string, number>();
  for (const line of profile.split('\n')) {
    const split = line.lastIndexOf(' ');
    const block = line.slice(0, split);
    counts.set(block, (counts.get(block) ?? 0) + Number(line.slice(split + 1)));
  }
  const files = new Map<string, vscode.StatementCoverage[]>();
  for (const [block, count] of counts) {
    const [, name = '', line, column, endLine, endColumn] = BLOCK.exec(`${block} ${count}`) ?? [];
    if (name === '') continue;
    const range = new vscode.Range(Number(line) - 1, Number(column) - 1, Number(endLine) - 1, Number(endColumn) - 1);
    const found = files.get(name) ?? [];
    found.push(new vscode.StatementCoverage(count, range));
    files.set(name, found);
  }
  return files;
}

async function read(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
