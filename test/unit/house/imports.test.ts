import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../../src', import.meta.url));
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

const LOW = ['core/base', 'core/model', 'core/ports', 'core/parse'];
const FEATURE_BASE = [...LOW, 'core/project'];
const FEATURES: Record<string, string[]> = {
  bootstrap: [],
  doctor: [],
  checks: [],
  evidence: [],
  documents: [],
  deviations: [],
  runbook: [],
  conformance: [],
  grounding: [],
  goals: ['checks', 'evidence'],
  canaries: ['goals', 'checks'],
  audit: ['checks', 'evidence', 'goals'],
  agent: ['grounding'],
  progress: ['goals', 'evidence', 'documents'],
  workflow: ['checks', 'goals', 'evidence', 'documents', 'agent'],
};

/** Room -> rooms it may import. A room not named here may not exist. */
const RULES: Record<string, string[]> = {
  'core/base': [],
  'core/model': ['core/base'],
  'core/ports': ['core/base', 'core/model'],
  'core/parse': ['core/base', 'core/model'],
  'core/project': LOW,
  ...Object.fromEntries(
    Object.entries(FEATURES).map(([name, others]) => [
      `core/${name}`,
      [...FEATURE_BASE, ...others.map((o) => `core/${o}`)],
    ]),
  ),
  'core/engine': [...FEATURE_BASE, ...Object.keys(FEATURES).map((name) => `core/${name}`)],
  'core/operations': [...FEATURE_BASE, ...Object.keys(FEATURES).map((name) => `core/${name}`), 'core/engine'],
  e2e: LOW,
  node: ['core/base', 'core/model', 'core/ports'],
  cli: ['core'],
  mcp: ['core'],
  vscode: ['core'],
  compose: ['core', 'node', 'e2e'],
  'cli.ts': ['core', 'cli', 'mcp', 'compose', 'e2e', 'node'],
  'mcp.ts': ['core', 'mcp', 'compose'],
  'extension.ts': ['core', 'vscode', 'compose'],
};

function roomOf(file: string): string {
  const path = file.split(sep).join('/');
  const parts = path.split('/');
  if (parts.length === 1) return path === 'compose.ts' ? 'compose' : path;
  return parts[0] === 'core' ? `core/${(parts[1] ?? '').replace(/\.ts$/, '')}` : (parts[0] ?? '');
}

function breaks(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  const allowed = RULES[room];
  if (allowed === undefined) return `no rule for room ${room}`;
  if (specifier.startsWith('.')) {
    const target = roomOf(relative(SRC, join(SRC, dirname(file), specifier)));
    const fine = target === room || allowed.some((name) => target === name || target.startsWith(`${name}/`));
    return fine ? undefined : `${room} may not import ${target}`;
  }
  if (specifier === 'vscode')
    return room === 'vscode' || room === 'extension.ts' ? undefined : 'vscode stays under vscode/';
  if (!room.startsWith('core/')) return undefined;
  if (room === 'core/base') return 'base imports nothing';
  if (specifier.startsWith('node:') && specifier !== 'node:path') return 'the core is pure: only node:path';
  const onlyInParse = ['yaml', 'markdown-it'].includes(specifier.split('/')[0] ?? '');
  if (onlyInParse && room !== 'core/parse') return `${specifier} lives in core/parse`;
  if (specifier === 'mustache' && room !== 'core/documents') return 'mustache lives in core/documents';
  return ['execa', 'openai'].includes(specifier) ? `${specifier} is not for the core` : undefined;
}

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

describe('imports run one way', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

  it('reads type imports, re-exports, dynamic and bare imports', () => {
    const text = `import type { A } from './a.ts';\nexport { b } from "./b.ts";\nconst c = await import('./c.ts');\nimport './d.ts';\nimport {\n  e,\n} from './e.ts';`;
    assert.deepEqual(importsOf(text).sort(), ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts']);
  });

  it('finds a break', () => {
    assert.equal(breaks('core/model/task.ts', '../project/project.ts'), 'core/model may not import core/project');
    assert.equal(breaks('core/parse/yaml.ts', 'node:fs'), 'the core is pure: only node:path');
    assert.equal(breaks('cli/main.ts', 'vscode'), 'vscode stays under vscode/');
    assert.equal(breaks('cli/main.ts', '../mcp/server.ts'), 'cli may not import mcp');
    assert.equal(breaks('core/goals/kpi.ts', '../checks/runner.ts'), undefined);
  });

  it('holds for every file under src', () => {
    const found = files.flatMap((file) =>
      importsOf(readFileSync(join(SRC, file), 'utf8')).flatMap((specifier) => {
        const why = breaks(file, specifier);
        return why === undefined ? [] : [`${file}: ${specifier}: ${why}`];
      }),
    );
    assert.ok(files.length > 20);
    assert.deepEqual(found, []);
  });
});
