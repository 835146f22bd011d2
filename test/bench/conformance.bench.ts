/**
 * A conformance scan of 764 Go files, 4 MB: cold, from the cache, and after one save. Bars of the design: cold under
 * 1.5 s with patterns, one save under 50 ms. The machine differs from day to day, so each figure also stands as a ratio
 * to a baseline of the same run: reading, hashing and parsing the same files with nothing else. Asserts nothing.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createConformance } from '../../src/core/conformance/index.ts';
import { createFiles } from '../../src/node/files.ts';
import { trees } from '../unit/conformance/support.ts';

const FILES = 764;
const BYTES = 4_000_000;
const MODULES = ['collector', 'sampler', 'sketch', 'watchdog', 'export', 'config', 'diag', 'model'];
const PACKAGES_PER_MODULE = 12;
const REPEATS = 5;
const SAVES = 20;

const RULES = `version: 1
components:
${MODULES.map((name) => `  ${name}: {in: [${name}/**]}`).join('\n')}
rules:
  - {id: modules, kind: structure, required: [${MODULES.join(', ')}]}
  - {id: no-export, kind: boundary, from: [sampler, sketch], deny: [export, "std:os/exec"]}
  - {id: layers, kind: layers, layers: [${MODULES.join(', ')}]}
  - {id: cycles, kind: acyclic, of: folders}
  - {id: lifecycle, kind: interface, types: "{${MODULES.join(',')}}/**#*Module", methods: [Init, Shutdown]}
  - id: no-panic
    kind: pattern
    language: go
    query: '((call_expression function: (identifier) @name) @hit (#eq? @name "panic"))'
    examples: {match: ['panic("x")'], clean: ['recover()']}
  - id: breaker
    kind: pattern
    language: go
    expect: present
    in: [export]
    query: '((type_identifier) @hit (#match? @hit "Breaker$"))'
    examples: {match: ['var b Breaker'], clean: ['var b Broker']}
  - {id: descriptors, kind: resource, check: file-descriptors}
  - {id: timers, kind: resource, check: timers}
  - {id: http, kind: resource, check: http-timeouts}
  - {id: memory, kind: resource, check: memory-limit}
  - {id: cpu, kind: resource, check: cpu-throttling}
`;

function packageOf(index: number): string {
  const module = MODULES[index % MODULES.length] ?? '';
  return `${module}/p${Math.floor(index / MODULES.length) % PACKAGES_PER_MODULE}`;
}

function goText(index: number, salt = ''): string {
  const name = `File${index}`;
  const own = MODULES.slice((index % MODULES.length) + 1, (index % MODULES.length) + 4);
  const parts = [
    `package p${salt}\n\nimport (\n\t"context"\n\t"fmt"\n\t"os"\n\t"sync"\n\t"time"\n`,
    ...own.map((module) => `\t"example.com/bench/${module}/p${index % PACKAGES_PER_MODULE}"\n`),
    `)\n\n// ${name}Module counts what it sees.\ntype ${name}Module struct {\n\tmu sync.Mutex\n\tseen map[string]int\n}\n`,
    `\nfunc (m *${name}Module) Init(ctx context.Context) error { return ctx.Err() }\n`,
    `\nfunc (m *${name}Module) Shutdown() error { return nil }\n`,
    index % 40 === 0 ? `\ntype ${name}Breaker struct{ open bool }\n` : '',
    index % 25 === 0
      ? `\nfunc read${index}() error {\n\tf, err := os.Open("x")\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer f.Close()\n\treturn nil\n}\n`
      : '',
    index % 50 === 0 ? `\nfunc tick${index}() {\n\tt := time.NewTicker(time.Second)\n\tfor range t.C {\n\t}\n}\n` : '',
  ];
  for (let at = 0; parts.reduce((sum, part) => sum + part.length, 0) < BYTES / FILES; at++) {
    parts.push(
      `\nfunc (m *${name}Module) step${at}(values []float64, limit int) (total float64, err error) {\n`,
      `\tm.mu.Lock()\n\tdefer m.mu.Unlock()\n\tfor i, value := range values {\n`,
      `\t\tif i >= limit || value < 0 {\n\t\t\treturn total, fmt.Errorf("step ${at}: value %d of %d: %w", i, limit, err)\n\t\t}\n`,
      `\t\tm.seen[fmt.Sprintf("k%d", i%${at + 7})] += int(value) * ${at + 1}\n\t\ttotal += value\n\t}\n`,
      `\tswitch {\n\tcase total > ${at * 100}:\n\t\treturn total, nil\n\tdefault:\n\t\treturn total / 2, nil\n\t}\n}\n`,
    );
  }
  return parts.join('');
}

function makeTree(root: string): string[] {
  const paths = Array.from({ length: FILES }, (_, index) => `${packageOf(index)}/file${index}.go`);
  for (const [index, path] of paths.entries()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), goText(index));
  }
  writeFileSync(join(root, 'go.mod'), 'module example.com/bench\n\ngo 1.22\n');
  writeFileSync(join(root, 'conformance.yaml'), RULES);
  return paths;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function timed(repeats: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < repeats; at++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

const root = mkdtempSync(join(tmpdir(), 'conformance-bench-'));
try {
  const paths = makeTree(root);
  const bytes = paths.reduce((sum, path) => sum + readFileSync(join(root, path)).length, 0);
  const grammar = await trees.grammar('go');
  const clock = { now: () => new Date(), monotonic: () => performance.now() };
  const create = () => createConformance({ files: createFiles(root), trees, clock, source: '.' });

  const baseline = await timed(REPEATS, async () => {
    for (const path of paths) {
      const data = readFileSync(join(root, path));
      createHash('sha256').update(data).digest('hex');
      grammar.read(data.toString(), (node) => node.hasError);
    }
  });
  const cold = await timed(REPEATS, () => create().scan({ fresh: true }));
  const cached = await timed(REPEATS, () => create().scan());

  const conformance = create();
  const first = await conformance.scan();
  let save = 0;
  const after = await timed(SAVES, () => {
    const index = (save++ * 37) % FILES;
    const path = paths[index] ?? '';
    writeFileSync(join(root, path), `${goText(index)}\n// save ${save}\n`);
    return conformance.scan({ changed: [path] });
  });

  console.log(
    `${paths.length} files, ${(bytes / 1e6).toFixed(2)} MB, ${first.rules.length} rules, verdict ${first.verdict}`,
  );
  const row = (name: string, ms: number, bar?: number) =>
    console.log(
      `${name.padEnd(34)} ${ms.toFixed(1).padStart(8)} ms ${(ms / baseline).toFixed(2).padStart(6)} x baseline` +
        (bar === undefined ? '' : `   bar ${bar} ms: ${ms < bar ? 'held' : 'MISSED'}`),
    );
  row('baseline: read, hash, parse', baseline);
  row('cold scan, no cache', cold, 1_500);
  row('scan from the cache, all re-read', cached);
  row('after one save', after, 50);
} finally {
  rmSync(root, { recursive: true, force: true });
}
