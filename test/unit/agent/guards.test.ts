import assert from 'node:assert/strict';
import { guardContent } from '../../../src/core/agent/guards/content.ts';
import { plainPath } from '../../../src/core/agent/guards/path.ts';
import { guardRead, guardWrite } from '../../../src/core/agent/guards/place.ts';
import { tamperFindings } from '../../../src/core/operations/implementTrust.ts';
import type { MemoryContent } from '../../support/memoryFiles.ts';
import { memoryBench } from './support.ts';

async function write(path: string, changes: Readonly<Record<string, MemoryContent>> = {}): Promise<string> {
  const { desk } = memoryBench(changes);
  const found = await guardWrite(path, desk.rules, { files: desk.files, before: desk.bench.before });
  return 'code' in found ? found.code : found.path;
}

describe('where a model may write', () => {
  const ALLOWED = [
    ['agent/sampler/sampler.go', 'agent/sampler/sampler.go'],
    ['./agent//sampler/heap.go', 'agent/sampler/heap.go'],
    ['agent/sampler/heap_test.go', 'agent/sampler/heap_test.go'],
    ['agent/sampler/latest.java', 'agent/sampler/latest.java'],
    ['docs/runbook.md', 'docs/runbook.md'],
    ['docs/CHANGELOG.md', 'docs/CHANGELOG.md'],
  ] as const;
  for (const [path, plain] of ALLOWED) it(`takes ${path}`, async () => assert.equal(await write(path), plain));

  const REFUSED: Readonly<Record<string, readonly string[]>> = {
    'guard.path': [
      '/etc/passwd',
      '~/x.go',
      '../outside.go',
      'agent/../infrabuilder.yaml',
      'agent\\sampler\\sampler.go',
      'C:/x.go',
      'agent/x.go:stream',
      'agent/x.go\0.txt',
      'agent/x.go.',
      'agent/x.go ',
      'agent/ x.go',
      'agent/nul',
      'agent/CON.go',
      'agent/.g\u200cit/config',
      'agent/GIT~1/config',
      'agent/a\u0308.go',
      `agent/${'x'.repeat(500)}.go`,
    ],
    'guard.test-file': ['agent/sampler/sampler_test.go'],
    'guard.test-data': [
      'agent/sampler/testdata/new.json',
      'agent/fixtures/a.txt',
      'agent/x.golden',
      'agent/golden/x.txt',
    ],
    'guard.module-file': [
      'agent/go.mod',
      'agent/GO.MOD',
      'agent/go.sum',
      'agent/go.work',
      'package.json',
      'agent/Cargo.toml',
      'agent/pyproject.toml',
      'agent/requirements-dev.txt',
      'agent/pom.xml',
      'agent/build.gradle.kts',
    ],
    'guard.ci': ['.ci/run', '.github/workflows/ci.yml', '.gitlab-ci.yml', 'agent/Jenkinsfile'],
    'guard.build-script': [
      'Makefile',
      'agent/makefile',
      'agent/GNUmakefile',
      'agent/tools.mk',
      'agent/run.sh',
      'agent/build.ps1',
      'agent/Dockerfile',
    ],
    'guard.linter': [
      'agent/.golangci.yml',
      'agent/.golangci.toml',
      'agent/buf.yaml',
      'agent/eslint.config.js',
      'agent/ruff.toml',
    ],
    'guard.test-runner': ['agent/conftest.py', 'agent/pytest.ini', 'agent/jest.config.ts'],
    'guard.rules': [
      'conformance.yaml',
      'conformance.baseline.json',
      'agent/conformance.yaml',
      'infrabuilder.yaml',
      'INFRABUILDER.YML',
      'blueprint_tasks.yaml',
    ],
    'guard.scenario': ['e2e/scenarios/standard.yml'],
    'guard.blueprint': [
      'docs/blueprint_vFinal.md',
      'docs/ADR-001.md',
      'docs/adr/0001-x.md',
      'docs/deviations/D-1.yaml',
    ],
    'guard.git': [
      '.git/config',
      'agent/.git/hooks/pre-commit',
      '.gitattributes',
      'agent/.gitattributes',
      '.gitmodules',
      '.gitignore',
      '.GIT/config',
    ],
    'guard.internal': ['.infrabuilder/evidence/x'],
    'guard.editor': ['.vscode/settings.json', '.idea/x.xml', '.editorconfig'],
    'guard.instructions': [
      'AGENTS.md',
      'agent/CLAUDE.md',
      'agent/SKILL.md',
      '.cursorrules',
      '.github/copilot-instructions.md',
      '.cursor/rules/x.mdc',
    ],
    'guard.generated': ['agent/proto/event.pb.go', 'agent/event_pb2.py'],
    'guard.vendor': ['agent/vendor/x/x.go', 'agent/node_modules/x/index.js'],
    'guard.hidden': ['agent/.env', '.profile'],
    'guard.check-script': ['agent/tools/check.mjs', 'agent/TOOLS/check.mjs', 'agent/lint/rules.txt'],
    'guard.outside': [
      'tasks/done/topn.yaml',
      'reports/topn_result.md',
      'reports/evidence/x.json',
      'testbed/main.go',
      'docs/other.md',
      'README.md',
      'agent',
      '.',
    ],
  };
  for (const [code, paths] of Object.entries(REFUSED)) {
    for (const path of paths) {
      it(`refuses ${JSON.stringify(path.slice(0, 60))} as ${code}`, async () => assert.equal(await write(path), code));
    }
  }

  it('follows no link, at no part of the path', async () => {
    assert.equal(await write('agent/out/x.go', { 'agent/out': { link: '../tasks' } }), 'guard.link');
    assert.equal(
      await write('agent/alias.go', { 'agent/alias.go': { link: 'sampler/sampler_test.go' } }),
      'guard.link',
    );
  });

  it('takes a name only in the spelling that the folder has', async () => {
    assert.equal(await write('agent/sampler/Sampler.go'), 'guard.case');
    assert.equal(await write('agent/Sampler/new.go'), 'guard.case');
    assert.equal(await write('agent/sampler/SAMPLER_test.go'), 'guard.case');
  });

  it('says what to do instead', async () => {
    const { desk } = memoryBench();
    const found = await guardWrite('agent/sampler/sampler_test.go', desk.rules, {
      files: desk.files,
      before: desk.bench.before,
    });
    assert.ok('code' in found);
    assert.match(found.message, /existing test.*was not changed.*new test file.*flag_conflict/);
  });
});

describe('where a model may read', () => {
  const read = async (path: string, changes = {}) => {
    const found = await guardRead(path, memoryBench(changes).desk.files);
    return 'code' in found ? found.code : found.path;
  };
  it('reads tests, tasks and documents', async () => {
    for (const path of ['agent/sampler/sampler_test.go', 'infrabuilder.yaml', 'reports/x.md', '.'])
      assert.equal(await read(path), path);
  });
  it('reads no secrets, nothing of git and nothing outside', async () => {
    for (const path of ['.git/config', 'agent/.GIT/HEAD', '.env', 'agent/.env.local', '.infrabuilder/runs/x']) {
      assert.equal(await read(path), 'guard.closed');
    }
    assert.equal(await read('../x'), 'guard.path');
    assert.equal(await read('out/passwd', { out: { link: '/etc' } }), 'guard.link');
  });
});

describe('plainPath', () => {
  it('drops what means nothing', () => assert.deepEqual(plainPath('./a//b/./c.go'), { path: 'a/b/c.go' }));
  it('is the root for nothing', () => assert.deepEqual(plainPath(''), { path: '.' }));
});

describe('what an edit may not hold', () => {
  const code = (path: string, text: string, base?: string) => guardContent(path, base, text, tamperFindings)?.code;
  const TEST = 'agent/x_test.go';
  const SOURCE = 'agent/x.go';
  const CASES: readonly (readonly [string, string, string])[] = [
    ['guard.suppression', SOURCE, 'x := 1 //nolint:all'],
    ['guard.new-skip', TEST, '\tt.Skip("later")'],
    ['guard.new-testmain', TEST, 'func TestMain(m *testing.M) {}'],
    ['guard.exit-in-test', TEST, '\tos.Exit(0)'],
    ['guard.exit-in-test', TEST, 'func init() { syscall.Exit(0) }'],
    ['guard.exit-in-test', TEST, '\tflag.Set("test.run", "none")'],
    ['guard.build-tag', TEST, '//go:build never'],
    ['guard.generate', SOURCE, '//go:generate sh -c "rm -rf /"'],
    ['guard.embed', SOURCE, '//go:embed ../../reports/evidence'],
    ['guard.cgo', SOURCE, 'import "C"'],
    ['guard.cgo', SOURCE, '// #cgo LDFLAGS: -lx'],
    ['guard.linkname', SOURCE, '//go:linkname now time.now'],
    ['guard.ldflags', SOURCE, 'args := []string{"-ldflags", "-X main.x=1"}'],
    ['guard.test-detection', SOURCE, 'if testing.Testing() { return 25 }'],
    ['guard.test-detection', SOURCE, 'if os.Getenv("INFRABUILDER_CHECK") != "" { return 25 }'],
    ['guard.generated', SOURCE, '// Code generated by hand. DO NOT EDIT.'],
    ['guard.binary', SOURCE, 'x\0'],
  ];
  for (const [expected, path, line] of CASES) {
    it(`refuses ${JSON.stringify(line)} as ${expected}`, () =>
      assert.equal(code(path, `package x\n${line}\n`), expected));
  }

  it('lets be what was there before, also where it moves', () => {
    const base = 'package x\n\nvar a = 1 //nolint:all\nvar b = 2\n';
    assert.equal(code(SOURCE, 'package x\n\nvar b = 3\nvar a = 1 //nolint:all\n', base), undefined);
  });
  it('refuses an edit of a generated file', () => {
    const base = '// Code generated by protoc. DO NOT EDIT.\npackage x\n';
    assert.equal(code(SOURCE, 'package x\n', base), 'guard.generated');
  });
  it('takes an ordinary test and an ordinary source', () => {
    assert.equal(code(TEST, 'package x\n\nfunc TestX(t *testing.T) { t.Fatal(1) }\n'), undefined);
    assert.equal(code('agent/collector_linux.go', '//go:build linux\n\npackage x\n'), undefined);
  });
});
