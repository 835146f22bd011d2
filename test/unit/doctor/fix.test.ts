import assert from 'node:assert/strict';
import type { DoctorReport, ToolReport } from '../../../src/core/doctor/diagnose.ts';
import { planFix } from '../../../src/core/doctor/fix.ts';
import { doctorText } from '../../../src/core/doctor/render.ts';

function tool(id: string, part: Partial<ToolReport> = {}): ToolReport {
  const problem = `${id} is not on the PATH.`;
  return {
    id,
    title: id,
    status: 'missing',
    problem,
    required: false,
    why: 'w',
    neededBy: [],
    commands: [],
    install: `get ${id}`,
    ...part,
  };
}

function report(...tools: ToolReport[]): DoctorReport {
  return { schemaVersion: 1, platform: { os: 'linux', arch: 'x64' }, tools, ok: true, missingRequired: [] };
}

function steps(of: DoctorReport, available: string[], only?: string[]): string[] {
  const plan = planFix(of, new Set(available), '/ws', only);
  const env = (variables: Readonly<Record<string, string>>) =>
    Object.entries(variables)
      .map(([k, v]) => `${k}=${v} `)
      .join('');
  return [
    ...plan.steps.map((step) => env(step.env) + step.argv.join(' ') + (step.rename ? ` -> ${step.rename.to}` : '')),
    ...plan.advice.map(({ install }) => `by hand: ${install}`),
  ];
}

describe('plan of doctor --fix', () => {
  const needed = { neededBy: ['goal G-1'] };

  it('installs what is needed and cannot be used, into the workspace', () => {
    const of = report(
      tool('go', { status: 'ok', neededBy: ['check test'] }),
      tool('golangci-lint', { required: true, status: 'too-old' }),
      tool('buf', needed),
      tool('kind'),
      tool('protoc', needed),
      tool('firecracker', { ...needed, status: 'unsupported' }),
    );
    assert.deepEqual(steps(of, ['go', 'npm']), [
      'GOBIN=/ws/.infrabuilder/tools/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@latest',
      'npm install --global --prefix /ws/.infrabuilder/tools --no-audit --no-fund --loglevel=error @bufbuild/buf',
      'by hand: get protoc',
    ]);
  });

  it('takes go for buf where npm is missing, and nothing where both are', () => {
    assert.deepEqual(steps(report(tool('buf', needed)), ['go']), [
      'GOBIN=/ws/.infrabuilder/tools/bin go install github.com/bufbuild/buf/cmd/buf@latest',
    ]);
    assert.deepEqual(steps(report(tool('buf', needed)), []), ['by hand: get buf']);
  });

  it('installs exactly what it is asked for', () => {
    assert.deepEqual(steps(report(tool('buf', needed), tool('toxiproxy-server')), ['go'], ['toxiproxy-server']), [
      'GOBIN=/ws/.infrabuilder/tools/bin go install github.com/Shopify/toxiproxy/v2/cmd/server@latest -> .infrabuilder/tools/bin/toxiproxy-server',
    ]);
  });
});

describe('text of the doctor', () => {
  it('has a line a tool, and says what to do', () => {
    const of = report(
      tool('git', { status: 'ok', version: '2.39.5', minimum: '2.25', path: '/usr/bin/git' }),
      tool('go', { required: true, neededBy: ['check test'], minimum: '1.22' }),
      tool('kind', { commands: ['e2e'] }),
    );
    assert.deepEqual(doctorText({ ...of, ok: false, missingRequired: ['go'] }), [
      'ok       git   2.39.5 (at least 2.25)  /usr/bin/git',
      'REQUIRED go    (at least 1.22)',
      '               go is not on the PATH.',
      '               Why: w. Needed by check test.',
      '               Install: get go',
      'optional kind',
      '               kind is not on the PATH.',
      '               Why: w. Needed by infrabuilder e2e.',
      '               Install: get kind',
      'Missing for the checks: go.',
    ]);
  });
});
