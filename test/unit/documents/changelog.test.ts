import assert from 'node:assert/strict';
import { addChange } from '../../../src/core/documents/changelog.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;

describe('an entry of the change log', () => {
  it('makes a change log where there is none', () => {
    const text = addChange(undefined, 'Added', 'Adaptive heap.');
    assert.match(
      text,
      /^# Changelog\n[\s\S]*keepachangelog[\s\S]*\n## \[Unreleased\]\n\n### Added\n\n- Adaptive heap\.\n$/,
    );
    assert.equal(addChange('', 'Added', 'Adaptive heap.'), text);
  });

  it('goes below its kind, after what is there, and kinds keep their order', () => {
    const before = lines(
      '# Changelog',
      '',
      '## [Unreleased]',
      '',
      '### Fixed',
      '',
      '- A leak',
      '  of memory.',
      '',
      '## [0.1.0]',
      '',
      '### Added',
      '',
      '- All.',
    );
    const added = addChange(before, 'Added', 'Adaptive heap.');
    assert.equal(added, before.replace('### Fixed', '### Added\n\n- Adaptive heap.\n\n### Fixed'));
    assert.equal(addChange(before, 'Fixed', 'A crash.'), before.replace('  of memory.', '  of memory.\n- A crash.'));
    assert.equal(
      addChange(before, 'Security', 'A hole.'),
      before.replace('  of memory.\n', '  of memory.\n\n### Security\n\n- A hole.\n'),
    );
  });

  it('is written once', () => {
    const once = addChange(undefined, 'Added', 'Adaptive heap.');
    assert.equal(addChange(once, 'Added', 'Adaptive  heap.'), once);
  });

  it('makes "Unreleased" above the first release, and keeps line ends', () => {
    const before = '# Changelog\r\n\r\n## 1.0.0\r\n\r\n- x\r\n';
    assert.equal(
      addChange(before, 'Changed', 'y'),
      '# Changelog\r\n\r\n## [Unreleased]\r\n\r\n### Changed\r\n\r\n- y\r\n\r\n## 1.0.0\r\n\r\n- x\r\n',
    );
  });
});
