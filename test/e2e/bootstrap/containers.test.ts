import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workshop, write } from './workshop.ts';

/** Answers as Docker does; `FAKE_*` say what is there. Each call is written to `calls`. */
const DOCKER = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
case "$*" in
  info*) [ -n "$FAKE_ENGINE" ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; }; echo 28.0 ;;
  "compose version") [ -n "$FAKE_COMPOSE" ] || exit 1; echo "Docker Compose version v2.36.2" ;;
  "compose config --services") printf 'kafka\\nredis\\n' ;;
  "compose ps"*) cat "$(dirname "$0")/running" 2>/dev/null ;;
  "compose up"*) [ -z "$FAKE_BROKEN" ] || { echo "pull access denied" >&2; exit 1; }
    echo "Started kafka"; printf 'redis\\nkafka\\n' > "$(dirname "$0")/running" ;;
esac
`;

describe("containers of init's testbed", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
    write(shop.path('bin/docker'), DOCKER);
    write(shop.path('templates/workspace/infrabuilder.yaml'), 'version: 1\n');
    write(shop.path('templates/sample/infrastructure-agent-testbed/docker-compose.yml'), 'services: {}\n');
  });
  afterEach(() => shop.dispose());

  async function init(env: Record<string, string>) {
    const PATH = `${shop.path('bin')}:${process.env.PATH}`;
    const lines: string[] = [];
    const report = await shop.init(
      { sample: true, git: false, containers: true },
      {
        templates: shop.path('templates'),
        env: { PATH, FAKE_ENGINE: '', FAKE_COMPOSE: '', FAKE_BROKEN: '', ...env },
        onProgress: (progress) => progress.kind === 'output' && lines.push(progress.text),
      },
    );
    return { ...report, lines, why: report.skipped.find(({ what }) => what === 'containers')?.reason };
  }

  it('start once where an engine answers', async () => {
    const env = { FAKE_ENGINE: '1', FAKE_COMPOSE: '1' };
    const first = await init(env);
    assert.deepEqual([first.started, first.lines], [true, ['Started kafka']]);
    const second = await init(env);
    assert.deepEqual([second.changed, second.why], [false, 'they are running already']);
    const calls = readFileSync(shop.path('bin/calls'), 'utf8').split('\n');
    assert.equal(calls.filter((call) => call.startsWith('compose up')).length, 1);
  });

  it('are skipped where none answers, with the reason', async () => {
    assert.equal((await init({})).why, 'no Docker engine answers; the embedded services work without it');
    assert.equal(
      (await init({ FAKE_ENGINE: '1' })).why,
      'Docker has no compose plugin; the embedded services work without it',
    );
    write(join(shop.path('bin'), 'docker'), '#!/no/such/interpreter\n');
    assert.equal((await init({})).why, 'no Docker engine answers; the embedded services work without it');
  });

  it('that do not start are a warning: the workspace is whole without them', async () => {
    const report = await init({ FAKE_ENGINE: '1', FAKE_COMPOSE: '1', FAKE_BROKEN: '1' });
    assert.equal(report.started, false);
    assert.match(report.warnings.join('\n'), /The testbed's containers did not start: pull access denied\./);
  });
});
