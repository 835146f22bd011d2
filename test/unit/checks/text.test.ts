import assert from 'node:assert/strict';
import { packageFolder } from '../../../src/core/checks/goModules.ts';
import { locatedLine } from '../../../src/core/checks/located.ts';
import { workspacePath } from '../../../src/core/checks/paths.ts';
import { redact, secretValues } from '../../../src/core/checks/redact.ts';

describe('a line with a place', () => {
  for (const [text, expected] of [
    ['main.go:3:7: undefined: x', 'main.go|3|7|undefined: x'],
    ['./a b/main.go:3: late', './a b/main.go|3|-|late'],
    ['proto/a.proto:3:9:Message name', 'proto/a.proto|3|9|Message name'],
    ['C:\\src\\main.cs:12:1: bad', 'C:\\src\\main.cs|12|1|bad'],
    ['Makefile:5: *** missing separator.  Stop.', 'Makefile|5|-|*** missing separator.  Stop.'],
  ] as const) {
    it(text, () => {
      const found = locatedLine(text);
      assert.equal(`${found?.path}|${found?.line}|${found?.column ?? '-'}|${found?.message}`, expected);
    });
  }

  for (const text of [
    '2026/01/02 10:20:30: tick',
    'http://host:80/x: refused',
    'make: *** [Makefile:5: test] Error 1',
    '\tat a.go:1:2: x',
    '',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(locatedLine(text), undefined));
  }
});

describe('a path that a tool printed', () => {
  for (const [path, root, expected] of [
    ['a.go', '/ws', 'agent/a.go'],
    ['./sub/../a.go', '/ws', 'agent/a.go'],
    ['../docs/b.md', '/ws', 'docs/b.md'],
    ['../../etc/passwd', '/ws', undefined],
    ['/ws/agent/a.go', '/ws/', 'agent/a.go'],
    ['/wsx/a.go', '/ws', undefined],
    ['/ws/../etc/passwd', '/ws', undefined],
    ['sub\\a.go', '/ws', 'agent/sub/a.go'],
    ['c:\\WS\\agent\\a.go', 'C:\\ws', 'agent/a.go'],
    ['D:\\ws\\a.go', 'C:\\ws', undefined],
  ] as const) {
    it(`${path} below ${root}`, () => assert.equal(workspacePath(path, 'agent', root), expected));
  }
});

describe('the folder of a Go package', () => {
  const modules = [
    { path: 'example.com/agent', dir: 'agent' },
    { path: 'example.com/agent/tools', dir: 'agent/tools' },
    { path: 'example.com/ag', dir: 'other' },
  ];
  it('is found through the longest module path', () => {
    assert.equal(packageFolder(modules, 'example.com/agent'), 'agent');
    assert.equal(packageFolder(modules, 'example.com/agent/sketch'), 'agent/sketch');
    assert.equal(packageFolder(modules, 'example.com/agent/tools/gen'), 'agent/tools/gen');
    assert.equal(packageFolder(modules, 'example.com/agents'), undefined);
  });
});

describe('secrets', () => {
  it('are values of variables that look like keys', () => {
    const env = {
      GITHUB_TOKEN: 'ghp_abcdef',
      OPENAI_API_KEY: 'sk-123456',
      DbPassword: 'hunter22',
      HOME: '/home/me',
      MY_SECRET: 'dev',
    };
    assert.deepEqual(secretValues(env), ['ghp_abcdef', 'sk-123456', 'hunter22']);
  });

  it('disappear, also line by line and inside JSON', () => {
    const secrets = secretValues({
      PRIVATE_KEY: '-----BEGIN-----\nabc"defgh\n',
      SHORT_KEY: 'abcdef',
      LONG_KEY: 'abcdef-ghi',
    });
    assert.equal(redact('x abc"defgh y', secrets), 'x [redacted] y');
    assert.equal(redact('{"Output":"abc\\"defgh"}', secrets), '{"Output":"[redacted]"}');
    assert.equal(redact('abcdef-ghi abcdef', secrets), '[redacted] [redacted]');
  });
});
