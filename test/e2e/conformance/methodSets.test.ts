import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FileFacts } from '../../../src/core/conformance/facts.ts';
import { isBuiltFor } from '../../../src/core/conformance/go/constraints.ts';
import { GoTypes } from '../../../src/core/conformance/go/methodSets.ts';
import { Sources } from '../../../src/core/conformance/sources.ts';
import { createFiles } from '../../../src/node/files.ts';
import { factsOf, goRoot, goVersion, withToolTags } from './goList.ts';

const PROGRAM = fileURLToPath(new URL('../../fixtures/conformance/methodsets', import.meta.url));
const FOLDERS = ['net/http', 'net', 'os', 'io', 'bufio', 'reflect', 'go/types', 'crypto/tls', 'archive/zip', 'context'];
const version = goVersion();

// Without a Go tool chain there is nothing to compare with.
if (version !== undefined) {
  describe('method sets, as the type checker of Go sees them', function () {
    this.timeout(240_000);

    it('agree on every named type of ten packages of the standard library', async () => {
      const root = `${goRoot()}/src`;
      const [os, arch] = execFileSync('go', ['env', 'GOOS', 'GOARCH'], { encoding: 'utf8' }).split('\n');
      const target = withToolTags({ os: os ?? '', arch: arch ?? '', cgo: false, version });
      const output = execFileSync('go', ['run', '.', root, ...FOLDERS], {
        cwd: PROGRAM,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      });
      const wanted = JSON.parse(output) as Record<string, string[]>;

      const facts = new Map<string, FileFacts>();
      for (const [path, one] of await factsOf(createFiles(root), '', true)) {
        if (!one.test && !path.startsWith('cmd/') && isBuiltFor(one.constraint, target)) facts.set(path, one);
      }
      const folders = new Set([...facts.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))));
      const modules = [...folders].map((folder) => ({ path: folder, folder }));
      const types = new GoTypes(new Sources(facts, { go: modules, script: [], rust: [], aliases: [] }), facts);
      const ours = Object.keys(wanted).map((key) => {
        const [folder = '', name = ''] = key.split('#');
        const type = types.find(folder, name);
        return [key, type === undefined ? undefined : [...types.methodSet(type).methods.keys()].sort()];
      });

      assert.ok(ours.length > 500, 'go/types named no types');
      assert.deepEqual(Object.fromEntries(ours), wanted);
    });
  });
}
