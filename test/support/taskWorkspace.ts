import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SLUGS = ['heap', 'tail'] as const;

/** A small repository of its own: two tasks, a check that really runs, a goal, a blueprint. It needs node and git alone. */
export class TaskWorkspace {
  readonly root: string;

  constructor(root = mkdtempSync(join(tmpdir(), 'task loop ü '))) {
    this.root = root;
  }

  static create(): TaskWorkspace {
    const workspace = new TaskWorkspace();
    for (const [path, text] of Object.entries(FILES)) workspace.write(path, text);
    workspace.git('init', '--quiet', '--initial-branch=main');
    workspace.commit('start');
    return workspace;
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  append(path: string, text: string): void {
    this.write(path, this.read(path) + text);
  }

  commit(message: string): void {
    this.git('add', '-A');
    this.git('commit', '--quiet', '-m', message);
  }

  git(...args: string[]): string {
    const identity = [
      '-c',
      'user.name=T',
      '-c',
      'user.email=t@example.org',
      '-c',
      'commit.gpgSign=false',
      '-c',
      'core.autocrlf=false',
    ];
    return execFileSync('git', [...identity, ...args], {
      cwd: this.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

const task = (slug: string) => `# a comment that stays
slug: ${slug}
phase: P0
module: ${slug}/
blueprint:
  epic: A1-E1
  story: A1-S3
acceptance:
  - check ${slug} passes
blueprint_goals:
  - G-8
`;

const MAPPING = `epics:
  A1-E1:
    title: Collection
    stories:
      A1-S3:
        title: Heap and tail
        tasks:
${SLUGS.map((slug) => `          - slug: ${slug}\n            phase: P0\n            module: ${slug}/\n`).join('')}`;

const CONFIG = `version: 1
paths: {source: agent, testbed: testbed}
checks:
${SLUGS.map((slug) => `  ${slug}: {run: [node, check.mjs, ${slug}], cwd: agent}\n`).join('')}goals:
  - {id: G-8, title: Local Test Green, kind: checks, checks: [${SLUGS.join(', ')}]}
milestones:
  - {id: M2, title: Heap and tail, tasks: [${SLUGS.join(', ')}], verify: {check: heap}}
`;

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': '.infrabuilder/\n',
  'infrabuilder.yaml': CONFIG,
  'blueprint_tasks.yaml': MAPPING,
  'docs/blueprint_vFinal.md':
    '# Blueprint\n\n## A1-E1 Collection\n\n- **A1-S3 Heap and tail.** The ratio of `heap` is 95 or more.\n',
  'docs/runbook.md': '# Runbook\n',
  'docs/CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n',
  'agent/check.mjs': `import { readFileSync } from 'node:fs';
const ratio = Number(readFileSync(\`\${process.argv[2]}/ratio.txt\`, 'utf8'));
console.log(\`ratio \${ratio}\`);
if (ratio < 95) {
  console.error(\`\${process.argv[2]}/ratio.txt:1:1: the ratio is \${ratio}, below 95\`);
  process.exit(1);
}
`,
  'agent/heap/ratio.txt': '70\n',
  'agent/heap/heap.go':
    'package heap\n\n// Heap keeps the best.\ntype Heap struct{}\n\n// Push adds one.\nfunc (h *Heap) Push(int) {}\n',
  'agent/tail/ratio.txt': '99\n',
  'tasks/pending/heap.yaml': task('heap'),
  'tasks/pending/tail.yaml': task('tail'),
};
