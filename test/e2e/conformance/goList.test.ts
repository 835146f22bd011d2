import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { FileFacts } from '../../../src/core/conformance/facts.ts';
import type { GoTarget } from '../../../src/core/conformance/go/constraints.ts';
import { createFiles } from '../../../src/node/files.ts';
import { differences, factsOf, goList, goRoot, goVersion, goView, ourView, withToolTags } from './goList.ts';

const SAMPLE = fileURLToPath(new URL('../../../templates/sample/infrastructure-agent', import.meta.url));

const TARGETS: readonly GoTarget[] = [
  { os: 'linux', arch: 'amd64', cgo: false },
  { os: 'linux', arch: 'arm64', cgo: true },
  { os: 'windows', arch: 'amd64', cgo: false },
  { os: 'darwin', arch: 'arm64', cgo: false },
  { os: 'android', arch: 'arm64', cgo: false },
  { os: 'solaris', arch: 'amd64', cgo: false },
  { os: 'js', arch: 'wasm', cgo: false },
];

/** `go list std` leaves these out: a page of documentation, and a package that is there with cgo only. */
const NOT_LISTED = /^\+ (builtin|runtime\/cgo): /;

const version = goVersion();

// Without a Go tool chain there is nothing to compare with.
if (version !== undefined) {
  describe('files and imports, as the Go tool chain sees them', function () {
    this.timeout(120_000);

    describe('of the standard library', () => {
      const root = `${goRoot()}/src`;
      let facts: Map<string, FileFacts>;
      before(async () => {
        const all = await factsOf(createFiles(root));
        facts = new Map([...all].filter(([path]) => !path.startsWith('cmd/')));
      });

      for (const target of TARGETS) {
        it(`on ${target.os}/${target.arch}${target.cgo ? ' with cgo' : ''}`, () => {
          const here = withToolTags({ ...target, version });
          const go = goView(goList(root, here, 'std'), root);
          assert.ok(go.size > 200, 'go list named no packages');
          const found = differences(go, ourView(facts, here)).filter((line) => !NOT_LISTED.test(line));
          assert.deepEqual(found, []);
        });
      }
    });

    describe('of the sample agent', () => {
      for (const target of TARGETS.filter(({ cgo }) => !cgo)) {
        it(`on ${target.os}/${target.arch}, from go list -deps`, async () => {
          const here = withToolTags({ ...target, version });
          const own = goList(SAMPLE, here, '-deps', './...').filter((one) => one.Standard !== true);
          assert.ok(own.length > 5, 'go list named no packages');
          const ours = ourView(await factsOf(createFiles(SAMPLE)), here);
          assert.deepEqual(differences(goView(own, SAMPLE), ours), []);
        });
      }
    });
  });
}
